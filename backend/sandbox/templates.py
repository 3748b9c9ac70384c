"""The platform's own library of message templates: what the accounts of the stand-in have chosen from it.

Nothing here reads config/wechat_templates.toml: whether that fits is for the start-up check to find out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

FIELD = re.compile(r"(.+?):\{\{(\w+)\.DATA\}\}")


@dataclass(frozen=True)
class Template:
    """``kind`` 2 is one-time, 3 long-term (mini-program); 0 belongs to the official account."""

    id: str
    app: str
    title: str
    content: str
    kind: int = 2

    @property
    def fields(self) -> dict[str, str]:
        """Keyword → its label, in order."""
        return {keyword: label.strip() for label, keyword in FIELD.findall(self.content)}


_PROGRESS = (
    "事项名称:{{thing1.DATA}}\n办理状态:{{phrase2.DATA}}\n更新时间:{{time3.DATA}}\n"
    "温馨提示:{{thing4.DATA}}\n查询码:{{character_string5.DATA}}\n"
)
_CLOSED = "事项:{{thing1.DATA}}\n结果:{{phrase2.DATA}}\n办结时间:{{time3.DATA}}\n答复摘要:{{thing4.DATA}}\n"
_TASK = "任务:{{thing1.DATA}}\n地点:{{thing2.DATA}}\n截止时间:{{time3.DATA}}\n紧急程度:{{phrase4.DATA}}\n"
_PUBLIC = "公开内容:{{thing1.DATA}}\n公开时间:{{time2.DATA}}\n温馨提示:{{thing3.DATA}}\n"

TEMPLATES: dict[str, Template] = {
    template.id: template
    for template in (
        Template("SbxMiniProgress-7hG2kQ0vTz1nYwB4cXe9RmLpUaD", "mini", "诉求办理进度通知", _PROGRESS),
        Template("SbxMiniClosed-9pW4rLx2MvQ8sFjKd6TzBnYhGcA1", "mini", "诉求办结通知", _CLOSED),
        Template("SbxMiniTask-2vB6nZkX8hQ4jWfLr0CsMtYpGdE3aU9i", "mini", "新任务提醒", _TASK),
        Template("SbxMiniPublic-4sT8mQ1xWd6vKz9nYhR2bJcLpEgU7fAo", "mini", "信息公开提醒", _PUBLIC),
        Template("SbxOffiProgress-3dK8sVfJq6xNwZ1bHt5CyGoEuIm", "official", "诉求办理进度通知", _PROGRESS, 0),
        Template("SbxOffiClosed-5mT7yHc3RbE1uXgNw9DqPkSzVjL0", "official", "诉求办结通知", _CLOSED, 0),
        Template("SbxOffiTask-6cR1gJxD4wV9mKbTz3QnHfLsYpE8uA0o", "official", "新任务提醒", _TASK, 0),
        Template("SbxOffiPublic-8kW2jZ5nRx3qVt7cMhD1yGsBfLpE6uAi", "official", "信息公开提醒", _PUBLIC, 0),
    )
}


def of(app: str) -> list[Template]:
    """The templates of the mini-program or of the official account."""
    return [template for template in TEMPLATES.values() if template.app == app]

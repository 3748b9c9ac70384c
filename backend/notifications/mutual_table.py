"""Why 邻里互助 and 我需要帮助 tell nobody by this table: their lines say nothing that a screen should not show.

Both put a neutral line into the inbox themselves, in the transaction of the step (their services.py): what somebody
asks for at home, or offers next door, is in no message that leaves the program.
"""

from __future__ import annotations

from collections.abc import Mapping

POST, HELP = "neighbour_post", "help_request"

#: Edges that tell nobody, each with the reason.
SILENT: Mapping[tuple[str, str], str] = {
    (POST, "post"): "it waits for the checks",
    (POST, "pass"): "the author has a line in the inbox",
    (POST, "close"): "the author's own word on their own post",
    (POST, "withdraw"): "the author's own word on their own post",
    (POST, "renew"): "the author's own word on their own post",
    (POST, "expire"): "the author chose the day",
    (POST, "take_down"): "the author hears why from the moderation of what people say",
    (POST, "show_again"): "the author hears it from the moderation of what people say",
    (HELP, "ask"): "who plans in the village has a neutral line in the inbox",
    (HELP, "assign_worker"): "the worker and who asked have a neutral line in the inbox",
    (HELP, "assign"): "the worker and who asked have a neutral line in the inbox",
    (HELP, "visit"): "who asked has a line in the inbox",
    (HELP, "visit_again"): "who asked has a line in the inbox",
    (HELP, "close"): "there is nothing left to do",
    (HELP, "cancel"): "it leaves the worker's list",
}

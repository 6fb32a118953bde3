"""Translation by a language model of the user's choice. docs/models.md says how to choose one."""

from quod.translators.llm.client import ChatModel, Completion, Finish, Message, Usage
from quod.translators.llm.config import ModelSettings, configured_model, model_settings
from quod.translators.llm.probe import probe_model
from quod.translators.llm.prompting import render_prompt
from quod.translators.llm.reply import Reply, read_reply
from quod.translators.llm.translator import LlmTranslator

__all__ = [
    "ChatModel",
    "Completion",
    "Finish",
    "LlmTranslator",
    "Message",
    "ModelSettings",
    "Reply",
    "Usage",
    "configured_model",
    "model_settings",
    "probe_model",
    "read_reply",
    "render_prompt",
]

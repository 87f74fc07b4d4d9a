"""Translating services behind one door; knows no post, no page and no database."""

from microblog.translators.azure import AzureTranslator
from microblog.translators.door import Translated, Translator, TranslatorError
from microblog.translators.libretranslate import LibreTranslator
from microblog.translators.markup import translate_html

__all__ = [
    "AzureTranslator",
    "LibreTranslator",
    "Translated",
    "Translator",
    "TranslatorError",
    "translate_html",
]

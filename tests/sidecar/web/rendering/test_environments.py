"""What templates say, and that nobody's name can be markup in it."""

from __future__ import annotations

from markupsafe import Markup

from sidecar.web.rendering.environments import environment_for


def test_templates_say_things_in_the_language_of_their_environment() -> None:
    calls = "{{ ngettext('1 call', '{count} calls', %d) }}"
    source = f"{{{{ _('Missed calls') }}}} {calls % 1234} {calls % 1}"
    english, german = (environment_for(language, {}).from_string(source).render() for language in ("en", "de"))
    assert english == "Missed calls 1,234 calls 1 call"
    assert german == "Verpasste Anrufe 1.234 Anrufe 1 Anruf"


def test_values_are_escaped_unless_they_are_markup() -> None:
    template = environment_for("de", {}).from_string('<p title="{{ _("Taken by {name}", name=name) }}">')
    assert template.render(name='<b>"{x}') == '<p title="Übernommen von &lt;b&gt;&#34;{x}">'
    assert template.render(name=Markup("<b>")) == '<p title="Übernommen von <b>">'

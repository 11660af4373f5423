"""The short forms of YARRRML, for trees that a program made: as a person would write them."""

from typing import Any

from qcp_graph.mapping.rml.read_values import Plain


def subject(found: Plain) -> Any:
    """Return a subject as text, where it is nothing but a template.

    >>> subject({"value": "http://a/$(id)", "type": "iri"})
    'http://a/$(id)'
    """
    plain = set(found) == {"value", "type"} and found["type"] == "iri"
    return found["value"] if plain and not found["value"].endswith("~iri") else found


def pair(found: Plain) -> Any:
    """Return a predicate-object pair as list, where the short form says it all.

    >>> pair({"p": "a:b", "o": {"value": "$(x)", "language": "en"}})
    ['a:b', '$(x)', 'en~lang']
    >>> pair({"p": "a:b", "o": {"value": "$(x)", "type": "iri"}})
    ['a:b', '$(x)~iri']
    """
    content = found["o"]
    if set(found) != {"p", "o"} or isinstance(found["p"], list) or not isinstance(content, dict):
        return found
    text, keys = content.get("value", ""), set(content)
    if not text or text.endswith("~iri"):
        return found
    if keys == {"value"}:
        return [found["p"], text]
    if keys == {"value", "type"} and content["type"] == "iri":
        return [found["p"], f"{text}~iri"]
    if keys == {"value", "language"}:
        return [found["p"], text, f"{content['language']}~lang"]
    if keys == {"value", "datatype"}:
        return [found["p"], text, content["datatype"]]
    return found


def value(found: Plain) -> Plain:
    """Return a value whose last step is a look-up with the key for it.

    >>> value({"value": "$(x)", "transform": ["trim", {"lookup": "status"}]})
    {'value': '$(x)', 'transform': ['trim'], 'lookup': 'status'}
    """
    steps = found.get("transform") or []
    if not steps or not isinstance(steps[-1], dict) or "lookup" not in steps[-1]:
        return found
    rest = {key: item for key, item in found.items() if key != "transform"}
    made: Plain = {key: rest.pop(key) for key in ("value", "constant") if key in rest}
    if steps[:-1]:
        made["transform"] = steps[:-1]
    return {**made, "lookup": steps[-1]["lookup"], **rest}

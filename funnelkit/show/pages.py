"""The templates of what stands at the head of a level."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

__all__ = ["page_template"]


@cache
def page_template(name: str) -> Template:
    """Load a template of the package; it escapes whatever is filled in."""
    environment = Environment(
        loader=PackageLoader("funnelkit.show"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)

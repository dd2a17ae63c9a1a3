"""The expression language of indicators: small, typed, documented; text becomes a frozen tree, never code that runs.

What can be written::

    expression  = or
    or          = and { "or" and }
    and         = not { "and" not }
    not         = "not" not | comparison
    comparison  = sum [ ("=" | "!=" | "<" | "<=" | ">" | ">=") sum
                      | ["not"] "between" sum "and" sum
                      | ["not"] "in" "(" literal { "," literal } ")"
                      | "is" ["not"] "null" ]
    sum         = product { ("+" | "-") product }
    product     = unary { ("*" | "/") unary }
    unary       = "-" unary | primary
    primary     = literal | name | name "(" expression { "," expression } ")" | "(" expression ")"
    literal     = number | number unit | 'text' | "true" | "false" | "null"
    unit        = "d" | "h" | "min" | "s"                     (a duration: ``30 d``, ``1.5 h``, ``15 min``)

- A **name** is a column of the fact table (or a dimension a file brought). Words are lower case; ``''`` inside text is
  a quote. ``==`` is read as ``=``, ``<>`` as ``!=``.
- **Functions**: ``if(condition, then, else)``, ``coalesce(a, b, …)``, ``min(a, b, …)``, ``max(a, b, …)``, ``abs(x)``,
  ``round(x)`` and ``round(x, digits)``, ``starts_with(text, 'prefix')``.
- **Types**: flag, integer, number, text, money, moment, day, duration. A duration is compared with a duration
  (``resolution <= 24 h``), never with a bare number other than 0; money likewise. Day and month lengths differ with the
  calendar, so ``d`` is exactly 24 h.
- **Null** is "not known": arithmetic and comparisons with null are null, ``and``/``or`` follow SQL, a filter or a flag
  counts only where it is true. Test with ``is null``. Division by zero is null.
- A clocked duration such as ``first_response`` is read in working or in calendar time, as the reader chose.
- At most 10,000 characters and 40 levels of nesting.

Every mistake is a ``DefinitionError`` with the column, the line with a caret under it, and what was expected.
"""

from fuxiao.engine.expression.build import build
from fuxiao.engine.expression.check import check, names_in, needed_names
from fuxiao.engine.expression.nodes import Node
from fuxiao.engine.expression.parse import parse

__all__ = ["Node", "build", "check", "names_in", "needed_names", "parse"]

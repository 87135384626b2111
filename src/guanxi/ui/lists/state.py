"""The state of a list, read from and written to the address."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from guanxi.core.actor import Actor
from guanxi.core.compiled import CompiledRecords
from guanxi.core.models import CustomField
from guanxi.ui.filters import EMPTY, Filter
from guanxi.ui.keyset import SortKey
from guanxi.ui.lists.spec import ME, ListPage, StandardView, pages
from guanxi.ui.models import SavedView
from guanxi.ui.tables import Column

RESERVED = frozenset({"view", "edited", "sort", "cols", "group", "layout", "q", "after", "lane", "exact"})


@dataclass(frozen=True)
class State:
    """Which rows a list shows, in which order, how."""

    filters: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    sort: str = ""
    columns: tuple[str, ...] = ()
    group: str = ""
    layout: str = "table"
    view: str = ""

    def canonical(self) -> str:
        """The state as the text of an address, without the view it came from."""
        pairs = [(key, self.filters[key]) for key in sorted(self.filters)]
        pairs += [("q", self.text), ("sort", self.sort), ("cols", ",".join(self.columns)), ("group", self.group)]
        pairs.append(("layout", "" if self.layout == "table" else self.layout))
        return urlencode([pair for pair in pairs if pair[1]], safe=",.-")

    def query(self, **changes: Any) -> str:
        """The address text of this state with changes; it stays based on its view."""
        changed = replace(self, **changes)
        text = changed.canonical()
        if not changed.view:
            return f"?{text}"
        return f"?view={changed.view}&edited=1{'&' if text else ''}{text}"

    def with_filter(self, key: str, text: str) -> str:
        """The address with one filter set, or taken away by ''."""
        others = {name: value for name, value in self.filters.items() if name != key}
        return self.query(filters={**others, key: text} if text else others)

    def sorting(self) -> tuple[str, bool]:
        """The column sorted by, and whether downwards."""
        return self.sort.lstrip("-"), self.sort.startswith("-")


@dataclass
class Scene:
    """A list as one actor sees it: the declaration with columns and filters open to them, and the state."""

    page: ListPage
    actor: Actor
    columns: dict[str, Column]
    filters: dict[str, Filter]
    state: State = field(default_factory=State)
    base: State = field(default_factory=State)
    saved: list[SavedView] = field(default_factory=list)
    definitions: list[CustomField] = field(default_factory=list)
    current: SavedView | StandardView | None = None

    def shown(self) -> list[Column]:
        """The columns to show, in order; fixed ones always first."""
        fixed = [c for c in self.columns.values() if c.fixed]
        if self.state.columns:
            chosen = [self.columns[key] for key in self.state.columns if not self.columns[key].fixed]
        else:
            chosen = [c for c in self.columns.values() if not c.hidden and not c.fixed]
        return fixed + chosen

    def sort_keys(self) -> list[SortKey]:
        """The order of the rows; the primary key settles ties, in the same direction."""
        key, down = self.state.sorting()
        column = self.columns.get(key)
        keys = column.sort_keys(down) if column is not None else []
        return [*keys, SortKey(column.tie if keys and column else "id", keys[0].is_descending if keys else down)]

    def narrowed(self) -> QuerySet[Any]:
        """All rows of the state, not yet in order."""
        queryset = self.page.queryset(self.actor)
        for key, text in self.state.filters.items():
            queryset = self.filters[key].narrow(queryset, text)
        if self.state.text and self.page.search is not None:
            queryset = self.page.search(queryset, self.state.text, self.actor)
        return queryset

    @property
    def is_plain(self) -> bool:
        """Whether nothing narrows the rows: then what the list asks and shows depends on its key alone."""
        return not self.state.filters and not self.state.text

    def key(self) -> Hashable:
        """What a list without filters depends on but for its state: the declaration, who asks, the company's fields."""
        return (self.page.key, id(self.page), self.actor.key(), tuple(map(field_key, self.definitions)))

    @property
    def is_changed(self) -> bool:
        """Whether the state differs from the view it is based on."""
        return self.state.canonical() != self.base.canonical()


def _clean_filters(filters: Mapping[str, Filter], data: QueryDict) -> dict[str, str]:
    """The filters that an address names, in canonical form."""
    found: dict[str, str] = {}
    for key, item in filters.items():
        raw = data.getlist(key)
        if f"{key}.from" in data or f"{key}.to" in data:
            raw = [*filter(None, raw)] or [data.get(f"{key}.from", ""), data.get(f"{key}.to", "")]
        text = item.clean(raw) if raw else ""
        if text:
            found[key] = text
    return found


def _known(keys: Iterable[str], columns: Mapping[str, Column]) -> tuple[str, ...]:
    """The keys that are columns, each once."""
    return tuple(dict.fromkeys(key for text in keys for key in text.split(",") if key in columns))


def parse(scene: Scene, data: QueryDict, view: str = "") -> State:
    """The state that an address asks for; what it names wrongly is left out."""
    sort = data.get("sort") or scene.page.table.default_sort
    column = scene.columns.get(sort.lstrip("-"))
    group = data.get("group", "")
    layout = "board" if data.get("layout") == "board" and scene.page.board_by else "table"
    if layout == "board" and group not in scene.page.board_by:
        group = scene.page.board_by[0]
    grouped = scene.columns.get(group)
    return State(
        filters=_clean_filters(scene.filters, data),
        text=data.get("q", "").replace("\x00", "").strip()[:200],
        sort=sort if column is not None and column.sort is not None else "",
        columns=_known(data.getlist("cols"), scene.columns),
        group=group if grouped is not None and (grouped.group or layout == "board") else "",
        layout=layout,
        view=view,
    )


def standard_query(view: StandardView, actor: Actor) -> QueryDict:
    """The address of a standard view for the one who looks."""
    own = str(actor.user_id or EMPTY)
    pairs = {
        **{key: own if value == ME else value for key, value in view.filters.items()},
        "sort": view.sort,
        "cols": ",".join(view.columns),
        "group": view.group,
        "layout": view.layout,
    }
    return QueryDict(urlencode({key: value for key, value in pairs.items() if value}))


_VIEWS = CompiledRecords(
    SavedView,
    lambda key, user_id: SavedView.objects.filter(Q(owner_id=user_id) | Q(is_shared=True), list_key=key),
    str,
    int,
)


def field_key(definition: CustomField) -> Hashable:
    """All that a custom field's column and filter are made from."""
    return tuple(str(getattr(definition, field.attname)) for field in CustomField._meta.concrete_fields)


def saved_views(page: ListPage, actor: Actor) -> list[SavedView]:
    """The views of a list that an actor made or that are shared."""
    return _VIEWS.all(page.key, actor.private_id or 0)


def read_state(page: ListPage, actor: Actor, data: QueryDict) -> Scene:
    """The list as an actor asks for it."""
    fields = page.definitions()
    columns, filters = page.columns(actor, fields), page.all_filters(actor, fields)
    scene = Scene(page, actor, columns, filters, saved=saved_views(page, actor), definitions=fields)
    wanted = data.get("view", "")
    base: QueryDict = QueryDict("")
    for saved in scene.saved:
        if str(saved.pk) == wanted:
            scene.current, base = saved, QueryDict(saved.state)
    for standard in page.views:
        if standard.key == wanted:
            scene.current, base = standard, standard_query(standard, actor)
    view = wanted if scene.current is not None else ""
    scene.base = parse(scene, base, view)
    scene.state = parse(scene, data, view) if "edited" in data or not view else scene.base
    return scene


def selection(request: HttpRequest, page: ListPage) -> QuerySet[Any]:
    """All rows of the list's state in this request's address."""
    return read_state(page, request.actor, request.GET).narrowed()  # type: ignore[attr-defined]


def url(key: str, *, sort: str = "", **filters: Any) -> str:
    """The address of a list with filters set; lists of values are joined."""
    parts = {
        name: ",".join(map(str, v)) if isinstance(v, list | tuple | set) else str(v) for name, v in filters.items()
    }
    text = urlencode({**parts, **({"sort": sort} if sort else {})}, safe=",.-")
    address = reverse(pages[key].url_name)
    return f"{address}?{text}" if text else address

"""Plots as inline SVG, drawn by a little code of our own: no library, no script, styled by the page's classes.

All are 360 units wide, so that text keeps its size on a phone. Whoever cannot see one reads its ``aria-label``.
"""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass

from quod.evals.stats import Interval

__all__ = ["Bar", "Series", "bars", "curve", "figure", "scatter"]

_WIDTH = 360
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class Bar:
    """One horizontal bar, with its interval where it is a share, or with a second, inner value."""

    label: str
    value: float
    words: str
    interval: Interval | None = None
    inner: float | None = None


@dataclass(frozen=True)
class Series:
    """Named points; ``words`` label single points."""

    name: str
    points: Sequence[tuple[float, float]]
    words: Sequence[str] = ()


def figure(title: str, svg: str, note: str = "") -> str:
    """A figure with its caption."""
    caption = f"<figcaption><strong>{html.escape(title)}</strong> {html.escape(note)}</figcaption>"
    return f"<figure>{caption}{svg}</figure>"


def _text(x: float, y: float, words: str, anchor: str = "start", kind: str = "") -> str:
    kind = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{kind}>{html.escape(words)}</text>'


def _svg(height: float, label: str, parts: list[str]) -> str:
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height:.0f}" role="img" aria-label="{html.escape(label, quote=True)}">'
        f"{''.join(parts)}</svg>"
    )


def bars(items: Sequence[Bar], label: str, *, share: bool = False) -> str:
    """Horizontal bars, each below its label; with ``share`` the scale is 0 to 100%."""
    top = 1.0 if share else max((item.value for item in items), default=0.0) or 1.0
    left, right = 4.0, _WIDTH - 4.0
    parts, y = [], 4.0
    for item in items:
        width = (right - left) * min(1.0, item.value / top)
        name = item.label if len(item.label) <= 30 else item.label[:29] + "…"
        parts += [_text(left, y + 11, name), _text(right, y + 11, item.words, "end", "soft")]
        y += 16
        parts.append(f'<rect class="track" x="{left}" y="{y:.1f}" width="{right - left:.1f}" height="10"/>')
        parts.append(f'<rect class="bar" x="{left}" y="{y:.1f}" width="{width:.1f}" height="10"/>')
        if item.inner is not None:
            inner = (right - left) * min(1.0, item.inner / top)
            parts.append(f'<rect class="good" x="{left}" y="{y:.1f}" width="{inner:.1f}" height="10"/>')
        if item.interval is not None and not math.isnan(item.interval.low):
            low, high = (left + (right - left) * v for v in (item.interval.low, item.interval.high))
            middle = y + 5
            parts.append(
                f'<path class="whisker" d="M{low:.1f} {middle:.1f}H{high:.1f}'
                f'M{low:.1f} {y:.1f}v10M{high:.1f} {y:.1f}v10"/>'
            )
        y += 16
    told = "; ".join(f"{item.label}: {item.words}" for item in items[:40])
    return _svg(y + 2, f"{label}. {told}", parts)


class _Frame:
    """A square plot area with a share on its y axis."""

    def __init__(self, x_label: str, y_label: str) -> None:
        self.left, self.right, self.top, self.bottom = 44.0, _WIDTH - 12.0, 22.0, 220.0
        self.parts = [_text(4, 12, y_label, kind="soft"), _text(self.right, self.bottom + 30, x_label, "end", "soft")]
        for tick in _TICKS:
            y = self.y(tick)
            self.parts.append(f'<path class="grid" d="M{self.left} {y:.1f}H{self.right}"/>')
            self.parts.append(_text(self.left - 4, y + 4, f"{100 * tick:.0f}%", "end", "soft"))

    def y(self, share: float) -> float:
        return self.bottom - (self.bottom - self.top) * share

    def x(self, share: float) -> float:
        return self.left + (self.right - self.left) * share

    def tick(self, share: float, words: str) -> None:
        anchor = "start" if share < 0.1 else "end" if share > 0.9 else "middle"
        self.parts.append(_text(self.x(share), self.bottom + 14, words, anchor, "soft"))

    def legend(self, names: Sequence[str]) -> float:
        y = self.bottom + 46
        if len(names) > 1:
            for i, name in enumerate(names):
                self.parts.append(
                    f'<rect class="s{i % 6} mark" x="{self.left}" y="{y - 9:.1f}" width="10" height="10"/>'
                )
                self.parts.append(_text(self.left + 16, y, name[:44]))
                y += 16
        return y - 6


def scatter(series: Sequence[Series], label: str, x_label: str, y_label: str) -> str:
    """Points of shares against shares, joined in order."""
    frame = _Frame(x_label, y_label)
    for tick in _TICKS:
        frame.tick(tick, f"{100 * tick:.0f}%")
    told = []
    for i, one in enumerate(series):
        places = [(frame.x(x), frame.y(y)) for x, y in one.points]
        if len(places) > 1:
            path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
            frame.parts.append(f'<path class="s{i % 6} line" d="{path}"/>')
        for (x, y), words in zip(places, one.words or [""] * len(places), strict=True):
            frame.parts.append(f'<circle class="s{i % 6} mark" cx="{x:.1f}" cy="{y:.1f}" r="4"/>')
            if words:
                left = x > _WIDTH * 0.6
                frame.parts.append(_text(x - 7 if left else x + 7, y - 6, words, "end" if left else "start"))
        points = ", ".join(
            f"{w or 'point'} {100 * x:.0f}% {100 * y:.0f}%"
            for (x, y), w in zip(one.points, one.words or [""] * len(one.points), strict=True)
        )
        told.append(f"{one.name}: {points}")
    height = frame.legend([one.name for one in series])
    return _svg(height, f"{label}. {'; '.join(told)}", frame.parts)


def curve(series: Sequence[Series], label: str, x_label: str, y_label: str) -> str:
    """Steps of a share over a positive quantity, on a logarithmic axis."""
    frame = _Frame(x_label, y_label)
    positive = [x for one in series for x, _ in one.points if x > 0]
    low = math.floor(math.log10(min(positive))) if positive else 0
    high = math.ceil(math.log10(max(positive))) if positive else 1
    high = max(high, low + 1)

    def at(x: float) -> float:
        return (math.log10(max(x, 10.0**low)) - low) / (high - low)

    for power in range(low, high + 1):
        if (power - low) % max(1, (high - low) // 4) == 0:
            frame.tick((power - low) / (high - low), f"{10.0**power:g}")
    told = []
    for i, one in enumerate(series):
        path, last = "", 0.0
        for x, y in thinned(one.points):
            path += (
                f"L{frame.x(at(x)):.1f} {frame.y(last):.1f}" if path else f"M{frame.x(at(x)):.1f} {frame.y(last):.1f}"
            )
            path += f"L{frame.x(at(x)):.1f} {frame.y(y):.1f}"
            last = y
        if path:
            frame.parts.append(f'<path class="s{i % 6} line" d="{path}H{frame.right}"/>')
        told.append(f"{one.name}: {100 * last:.0f}% in the end")
    height = frame.legend([one.name for one in series])
    return _svg(height, f"{label}. {'; '.join(told)}", frame.parts)


def thinned(points: Sequence[tuple[float, float]], most: int = 300) -> list[tuple[float, float]]:
    """At most so many of the points, the last always among them."""
    if len(points) <= most:
        return list(points)
    step = len(points) / (most - 1)
    return [points[int(i * step)] for i in range(most - 1)] + [points[-1]]

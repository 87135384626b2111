// Charts: the data islands of figures drawn with ECharts; theme aware, tooltips without HTML, marks that lead on.
import { BarChart, HeatmapChart, LineChart, PieChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

echarts.use([BarChart, LineChart, PieChart, HeatmapChart, GridComponent, TooltipComponent, LegendComponent, VisualMapComponent, MarkLineComponent, AriaComponent, CanvasRenderer]);

const isChinese = document.documentElement.lang.startsWith("zh");
const drawn = new Map();
const SHARE = { format: "percent" };
// Below this width in pixels a chart gives names less room and an axis fewer numbers.
const NARROW = 520;
const LYING_BAR_PIXELS = 23;
const AROUND_LYING_BARS_PIXELS = 96;

function look() {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(name).trim();
  return {
    text: read("--gx-text-soft"),
    strong: read("--gx-text"),
    line: read("--gx-line"),
    surface: read("--gx-surface"),
    low: read("--gx-chart-low"),
    high: read("--gx-chart-high"),
    palette: [1, 2, 3, 4, 5, 6, 7, 8].map((n) => read(`--gx-chart-${n}`)),
    tones: Object.fromEntries(["vip", "major", "ordinary", "small", "a", "b", "c", "success", "warning", "danger", "info", "neutral"].map((tone) => [tone, read(`--gx-mark-${tone}`)])),
  };
}

function exact(value, data) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (data.format === "percent") return `${(value * 100).toFixed(1)}%`;
  const digits = data.format === "money" ? { minimumFractionDigits: 2, maximumFractionDigits: 2 } : { maximumFractionDigits: 2 };
  const sign = value < 0 ? "-" : "";
  return `${sign}${data.format === "money" ? data.symbol : ""}${Math.abs(value).toLocaleString("en", digits)}`;
}

function short(value, data) {
  if (data.format === "percent") return `${Math.round(value * 100)}%`;
  const size = Math.abs(value);
  const symbol = data.format === "money" ? data.symbol : "";
  const sign = value < 0 ? "-" : "";
  const steps = isChinese ? [[1e8, "亿"], [1e4, "万"]] : [[1e9, "B"], [1e6, "M"], [1e3, "k"]];
  for (const [step, unit] of steps) {
    if (size >= step) return `${sign}${symbol}${(size / step).toLocaleString("en", { maximumFractionDigits: size >= step * 100 ? 0 : 1 })}${unit}`;
  }
  return `${sign}${symbol}${size.toLocaleString("en", { maximumFractionDigits: 2 })}`;
}

function tooltip(colours, formatter) {
  return {
    renderMode: "richText",
    confine: true,
    backgroundColor: colours.surface,
    borderColor: colours.line,
    textStyle: { color: colours.strong, fontSize: 12 },
    formatter,
  };
}

// Whether only whole numbers are counted: between two of them an axis says nothing.
function countsWhole(data) {
  return data.format === "number" && data.series.every((series) => series.share || series.values.every((value) => value === null || Number.isInteger(value)));
}

function axes(data, colours, width) {
  const isNarrow = width < NARROW;
  const shared = data.series.find((series) => series.share);
  const category = {
    type: "category",
    data: data.categories,
    name: data.horizontal ? data.yLabel : data.xLabel,
    nameLocation: "middle",
    nameGap: 28,
    nameTextStyle: { color: colours.text },
    axisLine: { lineStyle: { color: colours.line } },
    axisTick: { show: false },
    axisLabel: data.horizontal ? { color: colours.text, interval: 0, width: nameWidth(width), overflow: "truncate" } : { color: colours.text, hideOverlap: true, width: 130, overflow: "truncate" },
    inverse: data.horizontal,
  };
  const value = {
    type: "value",
    name: data.horizontal ? data.xLabel : data.yLabel,
    nameTextStyle: { color: colours.text, align: "left" },
    minInterval: countsWhole(data) ? 1 : 0,
    // Bars beside shares end where their own share stands on the axis of shares.
    max: shared ? Math.max(1, totalOf(data)) : undefined,
    splitNumber: isNarrow && data.horizontal ? 2 : 5,
    axisLabel: { color: colours.text, hideOverlap: true, formatter: (number) => short(number, data) },
    splitLine: { lineStyle: { color: colours.line } },
  };
  const values = shared ? [value, shares(data, colours, shared.mark, isNarrow && data.horizontal)] : value;
  return data.horizontal ? { xAxis: values, yAxis: category } : { xAxis: category, yAxis: values };
}

// The room for the names of lying bars.
function nameWidth(width) {
  return width < NARROW ? Math.max(90, width * 0.34) : Math.min(280, width * 0.28);
}

// What the bars beside shares count together.
function totalOf(data) {
  return data.series.filter((series) => !series.share).flatMap((series) => series.values).reduce((sum, value) => sum + (value || 0), 0);
}

// The axis of shares, across from that of the bars; the share that counts stands out on it, and is named where room is short.
function shares(data, colours, mark, isNarrow) {
  const counts = mark === null ? 0.5 : mark;
  return {
    type: "value",
    min: 0,
    max: 1,
    interval: 0.2,
    position: data.horizontal ? "top" : "right",
    axisLabel: {
      customValues: isNarrow ? [0, counts / 2, counts] : undefined,
      color: colours.text,
      formatter: (share) => (mark !== null && Math.abs(share - mark) < 1e-6 ? `{mark|${short(share, SHARE)}}` : short(share, SHARE)),
      rich: { mark: { color: colours.strong, fontWeight: 600 } },
    },
    splitLine: { show: false },
  };
}

// A line at a share that counts, as long as the chart is wide or high: the axis says which share it is.
function markOf(series, data, colours) {
  if (series.mark === null) return undefined;
  return { silent: true, symbol: "none", animation: false, label: { show: false }, lineStyle: { color: colours.strong, type: "dashed", width: 1.25 }, data: [{ [data.horizontal ? "xAxis" : "yAxis"]: series.mark }] };
}

// A name in lines that a narrow tooltip has room for.
function inLines(name, width) {
  const most = Math.max(16, Math.floor((width - 60) / 8));
  const wide = (letter) => (letter.codePointAt(0) > 0x2e7f ? 1.7 : 1);
  const lines = [[]];
  let used = 0;
  for (const word of name.match(/[\u2e80-\uffff]|[^\s\u2e80-\uffff]+\s*|\s+/g) || [name]) {
    const size = [...word].reduce((sum, letter) => sum + wide(letter), 0);
    if (used && used + size > most) {
      lines.push([]);
      used = 0;
    }
    lines.at(-1).push(word);
    used += size;
  }
  return lines.map((line) => line.join("").trimEnd()).join("\n");
}

function cartesian(data, colours, width) {
  const lines = data.marks.map(([label, at]) => ({ name: label, [data.horizontal ? "xAxis" : "yAxis"]: at, label: { formatter: label, color: colours.text, position: "insideEndTop" } }));
  return {
    ...axes(data, colours, width),
    grid: { left: 8, right: 20, top: data.series.length > 1 ? 36 : 20, bottom: data.xLabel ? 26 : 8, containLabel: true },
    legend: data.series.length > 1 ? { top: 0, left: 0, textStyle: { color: colours.text }, itemWidth: 14, itemHeight: 8 } : undefined,
    tooltip: {
      ...tooltip(colours, (points) => [inLines(data.categories[points[0].dataIndex], width), ...points.map((point) => `${point.seriesName}  ${exact(point.value?.value ?? point.value, data.series[point.seriesIndex].share ? SHARE : data)}`)].join("\n")),
      trigger: "axis",
      axisPointer: { type: data.kind === "bar" ? "shadow" : "line", lineStyle: { color: colours.line } },
    },
    series: data.series.map((series, index) => ({
      name: series.name,
      type: series.share ? "line" : data.kind,
      [data.horizontal ? "xAxisIndex" : "yAxisIndex"]: series.share ? 1 : 0,
      z: series.share ? 3 : 2,
      stack: data.stacked ? "all" : undefined,
      smooth: data.smooth ? 0.25 : false,
      areaStyle: data.area ? { opacity: 0.12 } : undefined,
      symbol: "circle",
      symbolSize: series.values.length > 60 ? 0 : 6,
      showSymbol: series.values.length <= 60,
      barMaxWidth: 34,
      cursor: series.urls.some(Boolean) ? "pointer" : "default",
      itemStyle: { color: colours.tones[series.tone] || colours.palette[index % 8], borderRadius: data.kind === "bar" && !data.stacked ? (data.horizontal ? [0, 3, 3, 0] : [3, 3, 0, 0]) : 0 },
      lineStyle: { width: 2 },
      data: series.values.map((value, at) => (series.faint[at] ? { value, itemStyle: { opacity: 0.55 } } : value)),
      markLine: series.share ? markOf(series, data, colours) : index === 0 && lines.length ? { silent: true, symbol: "none", lineStyle: { color: colours.text, type: "dashed" }, data: lines } : undefined,
    })),
  };
}

function ring(data, colours) {
  const tones = data.tones || [];
  return {
    legend: { orient: "vertical", right: 0, top: "middle", textStyle: { color: colours.text }, itemWidth: 12, itemHeight: 12 },
    tooltip: tooltip(colours, (point) => `${point.name}\n${exact(point.value, data)}  (${point.percent}%)`),
    series: [{
      type: "pie",
      radius: ["52%", "80%"],
      center: ["36%", "50%"],
      label: { show: false },
      itemStyle: { borderColor: colours.surface, borderWidth: 2 },
      cursor: data.series[0].urls.some(Boolean) ? "pointer" : "default",
      data: data.series[0].values.map((value, index) => ({ value, name: data.categories[index], itemStyle: { color: colours.tones[tones[index]] || colours.palette[index % 8] } })),
    }],
  };
}

// The red, green and blue of a colour written as #rrggbb.
function channels(colour) {
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
}

function mixed(low, high, share) {
  const to = channels(high);
  return channels(low).map((value, index) => value + (to[index] - value) * share);
}

// Black or white, whichever is read more easily on a ground (relative luminance as WCAG counts it).
function inkOn(ground) {
  const [red, green, blue] = ground.map((value) => (value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#0b1210" : "#ffffff";
}

function grid(data, colours) {
  const cells = data.series.flatMap((series, y) => series.values.map((value, x) => [x, y, value]));
  const values = cells.map((cell) => cell[2]).filter((value) => value !== null);
  const least = Math.min(0, ...values);
  const span = Math.max(1, ...values) - least;
  return {
    grid: { left: 8, right: 8, top: 8, bottom: data.xLabel ? 26 : 8, containLabel: true },
    xAxis: { type: "category", data: data.categories, name: data.xLabel, nameLocation: "middle", nameGap: 28, nameTextStyle: { color: colours.text }, axisLabel: { color: colours.text }, axisTick: { show: false }, axisLine: { show: false } },
    yAxis: { type: "category", data: data.rows, inverse: true, axisLabel: { color: colours.text }, axisTick: { show: false }, axisLine: { show: false } },
    visualMap: { show: false, min: least, max: least + span, inRange: { color: [colours.low, colours.high] } },
    tooltip: tooltip(colours, (point) => `${data.rows[point.value[1]]} · ${data.categories[point.value[0]]}\n${exact(point.value[2], data)}`),
    series: [{
      type: "heatmap",
      data: cells.map((cell) => ({ value: cell, label: { color: inkOn(mixed(colours.low, colours.high, (cell[2] - least) / span)) } })),
      cursor: data.series.some((series) => series.urls.some(Boolean)) ? "pointer" : "default",
      label: { show: cells.length <= 120, formatter: (point) => (point.value[2] === null ? "" : short(point.value[2], data)) },
      itemStyle: { borderColor: colours.surface, borderWidth: 2, borderRadius: 3 },
      emphasis: { itemStyle: { borderColor: colours.strong } },
    }],
  };
}

function options(data, width) {
  const colours = look();
  const make = { bar: cartesian, line: cartesian, pie: ring, heatmap: grid }[data.kind];
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  return { animation: !still, animationDuration: 350, textStyle: { fontFamily: getComputedStyle(document.body).fontFamily }, aria: { enabled: true }, ...make(data, colours, width) };
}

function follow(data, point) {
  const series = data.kind === "heatmap" ? data.series[point.value[1]] : data.series[point.seriesIndex];
  const url = series?.urls[data.kind === "heatmap" ? point.value[0] : point.dataIndex];
  if (url) location.assign(url);
}

// As high as its lying bars need, so that each keeps its name.
function fit(canvas, data) {
  if (data.horizontal) canvas.style.minHeight = `${AROUND_LYING_BARS_PIXELS + data.categories.length * LYING_BAR_PIXELS}px`;
}

// Draw a chart anew at once, for another theme or another width.
function redraw({ chart, data }) {
  chart.setOption({ ...options(data, chart.getWidth()), animation: false }, { notMerge: true });
}

function draw(figure) {
  const canvas = figure.querySelector(".chart-canvas");
  if (!canvas || drawn.has(figure) || !canvas.clientWidth) return;
  const data = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
  fit(canvas, data);
  const chart = echarts.init(canvas);
  chart.setOption(options(data, chart.getWidth()));
  chart.on("click", (point) => follow(data, point));
  drawn.set(figure, { chart, data });
  new ResizeObserver(() => {
    const before = chart.getWidth();
    chart.resize();
    if (data.horizontal && chart.getWidth() && chart.getWidth() !== before) redraw({ chart, data });
  }).observe(canvas);
}

function drawAll() {
  for (const [figure, { chart }] of drawn) {
    if (figure.isConnected) continue;
    chart.dispose();
    drawn.delete(figure);
  }
  for (const figure of document.querySelectorAll("[data-chart]")) draw(figure);
}

document.addEventListener("gx:charts", drawAll);
document.addEventListener("gx:shown", drawAll);
document.addEventListener("gx:theme", () => {
  for (const one of drawn.values()) redraw(one);
});
drawAll();

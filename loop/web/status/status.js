// The status page: it asks for the samples that it has not got yet, once a second, and draws them.

import { Chart, spanOf } from "/status/chart.js";

const kept = 300;
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const plain = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });

// What writes a number: each returns the number and its unit.
const count = (n) => [n < 10000 ? plain.format(n) : short.format(n), ""];
const perSecond = (n) => [n > 0 && n < 9.5 ? n.toFixed(1) : short.format(n), "a second"];
const ratio = (n) => (n == null ? ["–", "nothing sent"] : [n < 99.5 ? n.toFixed(1) : short.format(n), "a write"]);

function bytes(n) {
	const units = ["B", "KiB", "MiB", "GiB", "TiB"];
	let at = 0;
	for (; n >= 1000 && at < units.length - 1; at++) n /= 1024;
	return [n < 9.95 && at > 0 ? n.toFixed(1) : plain.format(n), units[at]];
}

function duration(micros) {
	if (micros == null) return ["–", "nothing to do"];
	if (micros < 999.5) return [micros < 9.95 ? micros.toFixed(1) : plain.format(micros), "µs"];
	if (micros < 999500) return [micros < 9950 ? (micros / 1e3).toFixed(1) : plain.format(micros / 1e3), "ms"];
	return [(micros / 1e6).toFixed(1), "s"];
}

const joined = (pair) => pair.join(" ").trim();
const total = (samples, pick) => samples.reduce((sum, s) => sum + pick(s), 0);
const events = (s) => s.slowDrops + s.skipped + s.floods;

// The axis of the loop lag is logarithmic, from 1 µs: what is well and what is not are a thousand times apart.
const lagScale = (value, top) => Math.log10(Math.max(value, 1)) / Math.log10(top);
const lagSteps = [1e3, 1e4, 1e5, 1e6, 1e7];
const memorySteps = Array.from({ length: 24 }, (_, n) => 2 ** (n + 20)); // from 1 MiB

const panels = [
	{
		id: "connections", title: "Connections", show: count, headline: (s) => s.connections,
		lines: [{ name: "all", pick: (s) => s.connections }, { name: "signed in", pick: (s) => s.signedIn }],
		note: (s) => `${joined(count(s.signedIn))} signed in`,
	},
	{
		id: "lines", title: "Lines in", show: perSecond, headline: (s) => s.lines,
		lines: [{ name: "lines", pick: (s) => s.lines }], note: () => "what clients send",
	},
	{
		id: "deliveries", title: "Deliveries", show: perSecond, headline: (s) => s.deliveries,
		lines: [{ name: "deliveries", pick: (s) => s.deliveries }], note: () => "what clients get, counted for each of them",
	},
	{
		id: "merge", title: "Merge ratio", show: ratio, headline: (s) => s.merge,
		lines: [{ name: "merge ratio", pick: (s) => s.merge }], note: () => "deliveries that went out with one write",
	},
	{
		id: "lag", title: "Loop lag (p99)", show: duration, headline: (s) => s.lag?.p99, scale: lagScale, steps: lagSteps,
		lines: [
			{ name: "p99", pick: (s) => s.lag?.p99 }, { name: "p50", pick: (s) => s.lag?.p50 }, { name: "longest", pick: (s) => s.lag?.longest },
		],
		note: (s) => (s.lag ? `p50 ${joined(duration(s.lag.p50))}, longest ${joined(duration(s.lag.longest))}; log scale` : "what an event waits"),
	},
	{
		id: "memory", title: "Memory", show: bytes, headline: (s) => s.rss, steps: memorySteps,
		lines: [{ name: "resident", pick: (s) => s.rss }, { name: "heap", pick: (s) => s.heap }],
		note: (s) => `heap ${joined(bytes(s.heap))}, waiting for clients ${joined(bytes(s.waiting))}`,
	},
	{
		id: "slow", title: "Slow and flooding clients", show: count, headline: (_, samples) => total(samples, events),
		lines: [{ name: "slow or flooding clients", pick: events }],
		note: (_, samples) => `${total(samples, (s) => s.slowDrops)} slow and ${total(samples, (s) => s.floods)} flooding disconnected, ${total(samples, (s) => s.skipped)} messages skipped`,
	},
	{
		id: "refused", title: "Refused", show: count, headline: (_, samples) => total(samples, (s) => s.refused + s.errors),
		lines: [{ name: "refused", pick: (s) => s.refused + s.errors }],
		note: (_, samples) => `connections refused in five minutes; ${total(samples, (s) => s.errors)} errors`,
	},
];

const words = { well: "Well", strained: "Strained", trouble: "In trouble", silent: "No answer", waiting: "Waiting for the first numbers" };
const allWell = "Answers come at once, and nobody was refused or dropped in the last minute.";
const marks = { well: "●", strained: "▲", trouble: "■", silent: "✕", waiting: "…" };

// nodesOf is a sentence about the nodes of a cluster, which a server alone has none of.
const nodesOf = (s) => (s.nodes ? ` All ${s.nodes} nodes of the cluster take part.` : "");

const byId = (id) => document.getElementById(id);
const charts = panels.map((panel) => new Chart(panel, byId("chart")));
byId("charts").append(...charts.map((chart) => chart.figure));

let samples = [];
let began = 0;
let failures = 0;
let secondsAgo = 0; // where the pointer is
let looking = false;

// setText leaves alone what says the same already, so that screen readers don't say it again.
function setText(node, text) {
	if (node.textContent !== text) node.textContent = text;
}

function showState(state, why) {
	byId("verdict").dataset.state = state;
	setText(byId("mark"), marks[state]);
	setText(byId("state"), words[state]);
	document.title = `${words[state]} – looproom`;
	const list = byId("why");
	if (list.dataset.why === why.join("\n")) return;
	list.dataset.why = why.join("\n");
	list.replaceChildren(...why.map((text) => {
		const entry = document.createElement("li");
		entry.textContent = text;
		return entry;
	}));
}

// looked is the sample at the pointer, or the newest.
function looked() {
	const at = samples.at(-1).at - secondsAgo * 1000;
	return looking ? samples.findLast((s) => s.at <= at) ?? samples[0] : samples.at(-1);
}

function draw() {
	if (samples.length === 0) return;
	const sample = looked();
	for (const chart of charts) chart.draw(samples, sample, looking);
	const time = clock.format(sample.at);
	setText(byId("when"), looking ? `as it was at ${time}` : `the last five minutes, at ${time}`);
	if (failures === 0) showState(samples.at(-1).state, samples.at(-1).state === "well" ? [allWell + nodesOf(samples.at(-1))] : samples.at(-1).why);
	byId("rows").closest("details").hidden = false; // from now on nothing above it grows
	drawRows();
}

function drawRows() {
	if (!byId("rows").closest("details").open) return;
	const minute = samples.slice(-60);
	byId("rows").replaceChildren(...panels.flatMap((panel) => panel.lines.map((line) => {
		const known = (list) => list.map(line.pick).filter((value) => value != null);
		const mean = known(minute).reduce((sum, value, _, all) => sum + value / all.length, 0);
		const row = document.createElement("tr");
		const head = document.createElement("th");
		head.scope = "row";
		head.textContent = panel.lines.length > 1 ? `${panel.title.replace(" (p99)", "")}, ${line.name}` : panel.title;
		row.append(head, ...[line.pick(samples.at(-1)), mean, Math.max(0, ...known(samples))].map((value) => {
			const cell = document.createElement("td");
			cell.textContent = joined(panel.show(value));
			return cell;
		}));
		return row;
	})));
}

// take adds what has come. A server that has been started anew begins a new page.
function take(news) {
	if (news.began !== began) samples = [];
	began = news.began;
	samples = samples.concat(news.samples).slice(-kept);
}

async function ask() {
	try {
		const answer = await fetch(`/status/data?after=${samples.at(-1)?.seq ?? 0}&of=${began}`, { signal: AbortSignal.timeout(5000) });
		if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
		take(await answer.json());
		failures = 0;
		draw();
	} catch (error) {
		failures++;
		if (failures > 1) showState("silent", ["The server has ended, or can't be reached. What is below is from before.", String(error.message)]);
	}
}

// run asks as long as somebody can see the page.
async function run() {
	for (;;) {
		const next = new Promise((resolve) => setTimeout(resolve, 1000));
		if (!document.hidden) await ask();
		await next;
	}
}

byId("charts").addEventListener("pointermove", (event) => {
	const plot = event.target.closest(".plot")?.querySelector("svg").getBoundingClientRect();
	looking = plot !== undefined && samples.length > 0;
	if (looking) secondsAgo = Math.max(0, Math.round(spanOf(samples) * (1 - (event.clientX - plot.left) / plot.width)));
	draw();
});
byId("charts").addEventListener("pointerleave", () => {
	looking = false;
	draw();
});
byId("rows").closest("details").addEventListener("toggle", drawRows);
run();

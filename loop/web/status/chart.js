// A chart draws one or more lines of the last minutes into an SVG of 300 by 100.

const svgNamespace = "http://www.w3.org/2000/svg";
const width = 300;
const height = 100;

// From here on a gap between two samples is one: nothing is known of the time between.
const gapSeconds = 2.5;

const kinds = ["first", "second", "third"];

// element makes an SVG element.
function element(name, attributes) {
	const made = document.createElementNS(svgNamespace, name);
	for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
	return made;
}

// spans are how many seconds a chart can show.
const spans = [60, 120, 300];

// spanOf is the shortest span that has all samples: a server that has just been started has a chart, too, and not only a corner of it.
export function spanOf(samples) {
	const seconds = (samples.at(-1).at - samples[0].at) / 1000;
	return spans.find((span) => span >= seconds) ?? spans.at(-1);
}

// ceiling is the round number at or above the highest value, for the upper end of the axis.
export function ceiling(highest, steps) {
	if (steps) return steps.find((step) => step >= highest) ?? highest;
	if (!(highest > 0)) return 1;
	const power = 10 ** Math.floor(Math.log10(highest));
	return [1, 2, 5, 10].map((n) => n * power).find((step) => step >= highest);
}

// points places the values of one line, cut where there are gaps. scale turns a value into 0..1.
export function points(samples, span, pick, scale) {
	const newest = samples.at(-1).at;
	const pieces = [];
	let before = null;
	for (const sample of samples) {
		const value = pick(sample);
		if (value == null) {
			before = null;
			continue;
		}
		if (before === null || (sample.at - before) / 1000 > gapSeconds) pieces.push([]);
		before = sample.at;
		const x = width * (1 - (newest - sample.at) / 1000 / span);
		if (x >= 0) pieces.at(-1).push([x, height - height * Math.min(Math.max(scale(value), 0), 1)]);
	}
	return pieces.filter((piece) => piece.length > 0);
}

function pathOf(piece) {
	const steps = piece.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`);
	// A point alone is drawn as a short dash: a line to itself would not be seen.
	if (piece.length === 1) steps.push(`${(piece[0][0] + 0.5).toFixed(1)} ${piece[0][1].toFixed(1)}`);
	return `M${steps.join("L")}`;
}

function areaOf(piece) {
	return `${pathOf(piece)}L${piece.at(-1)[0].toFixed(1)} ${height}L${piece[0][0].toFixed(1)} ${height}Z`;
}

// Chart is one panel of the page. about has title, unit, lines (each with name and pick), show (writes a value), headline, note,
// and, for an axis that isn't linear, from and to.
export class Chart {
	constructor(about, template) {
		this.about = about;
		this.figure = template.content.firstElementChild.cloneNode(true);
		this.svg = this.figure.querySelector(".plot svg");
		this.lines = this.svg.querySelector("g");
		this.figure.id = about.id;
		this.text("h2", about.title);
		if (about.lines.length > 1) this.explain();
	}

	text(selector, words) {
		const at = this.figure.querySelector(selector);
		if (at.textContent !== words) at.textContent = words;
	}

	// explain writes the legend.
	explain() {
		const legend = this.figure.querySelector(".legend");
		this.about.lines.forEach((line, n) => {
			const entry = document.createElement("li");
			const sign = element("svg", { viewBox: "0 0 26 8", "aria-hidden": "true" });
			sign.append(element("path", { class: `line ${kinds[n]}`, d: "M1 4L25 4" }));
			entry.append(sign, line.name);
			legend.append(entry);
		});
	}

	// draw shows samples, of which there is at least one, with the numbers of the one that is looked at.
	draw(samples, looked, looking) {
		const { about } = this;
		const highest = Math.max(0, ...samples.flatMap((s) => about.lines.map((line) => line.pick(s) ?? 0)));
		const top = ceiling(highest, about.steps);
		const span = spanOf(samples);
		const scale = about.scale ? (value) => about.scale(value, top) : (value) => value / top;
		this.lines.replaceChildren();
		about.lines.forEach((line, n) => {
			for (const piece of points(samples, span, line.pick, scale)) {
				if (n === 0) this.lines.append(element("path", { class: "area", d: areaOf(piece) }));
				this.lines.append(element("path", { class: `line ${kinds[n]}`, d: pathOf(piece) }));
			}
		});
		const [number, unit] = about.show(about.headline(looked, samples));
		this.text(".number", number);
		this.text(".unit", unit);
		this.text(".note", about.note(looked, samples));
		this.text(".axis span", `${span / 60} min ago`);
		this.text(".most", about.show(top).join(" ").trim());
		this.svg.setAttribute("aria-label", `${about.title}: now ${number} ${unit}, at most ${about.show(highest).join(" ")} in ${span / 60} minutes`);
		this.point(width * (1 - (samples.at(-1).at - looked.at) / 1000 / span), looking);
	}

	// point marks the second that is looked at.
	point(x, looking) {
		this.figure.classList.toggle("looking", looking);
		const cursor = this.svg.querySelector(".cursor");
		cursor.setAttribute("x1", x);
		cursor.setAttribute("x2", x);
	}
}

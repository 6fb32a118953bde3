"use strict";
// Everything shown is set as text, never as markup. The details of problems are gzipped and read when asked for.
const index = JSON.parse(document.getElementById("index").textContent);
const PER_PAGE = 50;
const OUTCOMES = index.outcomes;
const $ = (id) => document.getElementById(id);
const el = (tag, attributes, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  for (const child of children) if (child !== null && child !== undefined) node.append(child);
  return node;
};

// ---- highlighting: a tokenizer a language, spans out, text in
const WORDS = {
  json: /^(?:true|false|null)$/,
  pddl: /^(?:define|domain|problem|and|or|not|forall|exists|when|either|imply|increase|decrease|assign)$/,
  lean: /^(?:theorem|lemma|example|def|by|have|show|from|fun|let|in|import|open|set_option|sorry|exact|intro|intros|apply|rw|simp|norm_num|nlinarith|linarith|ring|ring_nf|omega|decide|induction|cases|rcases|obtain|constructor|refine|calc|at|with|where|do|if|then|else|match|end)$/,
  rocq: /^(?:Theorem|Lemma|Example|Fact|Proof|Qed|Defined|Admitted|Require|Import|From|Open|Scope|Definition|Fixpoint|Inductive|forall|exists|fun|match|with|end|let|in|if|then|else|intros|apply|rewrite|simpl|auto|lia|nia|lra|nra|ring|field|destruct|induction|unfold|split|assumption|reflexivity)$/,
  fol: /^(?:sorts|constants|predicates|functions|premises|conclusion|question|options|facts|title|words)$/,
};
const TOKENS = {
  json: /("(?:[^"\\]|\\.)*")|(-?\d[\d.eE+-]*)|([A-Za-z_]\w*)|([^"\w-]+|.)/gy,
  pddl: /(;[^\n]*)|(:[\w-]+)|([A-Za-z_][\w-]*)|(\?[\w-]+)|([^;:?\w]+|.)/gy,
  lean: /(--[^\n]*|\/-[\s\S]*?-\/)|("(?:[^"\\]|\\.)*")|([A-Za-z_][\w'.]*)|(\d[\d.]*)|([^\w"'-]+|.)/gy,
  rocq: /(\(\*[\s\S]*?\*\))|("(?:[^"]|"")*")|([A-Za-z_][\w'.]*)|(\d[\d.]*)|([^\w"(]+|.)/gy,
  fol: /(:::[^\n]*)|([∀∃¬∧∨→↔⊕⊤⊥])|([A-Za-z_]\w*)|(\d[\d.]*)|([^\w:∀∃¬∧∨→↔⊕⊤⊥]+|.)/gy,
};
const KINDS = {
  json: ["t", "n", "", ""], pddl: ["c", "k", "", "n"], lean: ["c", "t", "", "n"], rocq: ["c", "t", "", "n"], fol: ["c", "k", "", "n"],
};
function languageOf(name) {
  const n = String(name || "");
  if (n.includes("milp") || n === "json") return "json";
  if (n.includes("pddl")) return "pddl";
  if (n.includes("lean")) return "lean";
  if (n.includes("rocq") || n.includes("coq")) return "rocq";
  return "fol";
}
function highlight(text, language) {
  const pre = el("pre", { tabindex: "0", role: "group", "aria-label": "formal text" });
  const pattern = new RegExp(TOKENS[language].source, "gsy");
  let plain = "";
  const flush = () => { if (plain) { pre.append(plain); plain = ""; } };
  for (let match; (match = pattern.exec(text)) !== null;) {
    if (match[0] === "") { pattern.lastIndex += 1; continue; }
    let kind = "";
    for (let g = 1; g <= 4; g += 1) if (match[g] !== undefined) { kind = KINDS[language][g - 1]; break; }
    if (!kind && match[3] !== undefined && WORDS[language].test(match[3])) kind = "k";
    if (kind) { flush(); pre.append(el("span", { class: kind }, match[0])); } else plain += match[0];
    if (pattern.lastIndex >= text.length) break;
  }
  flush();
  return pre;
}
function difference(text) {
  const pre = el("pre", { tabindex: "0", role: "group", "aria-label": "changes" });
  for (const line of text.split("\n")) {
    const kind = line.startsWith("+") ? "add" : line.startsWith("-") ? "del" : "";
    pre.append(el("span", kind ? { class: kind } : {}, line + "\n"));
  }
  return pre;
}

// ---- details
const chunks = new Map();
async function details(number) {
  const chunk = Math.floor(number / index.perChunk);
  if (!chunks.has(chunk)) {
    const bytes = Uint8Array.from(atob($("chunk-" + chunk).textContent), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    chunks.set(chunk, JSON.parse(await new Response(stream).text()));
    if (chunks.size > 8) chunks.delete(chunks.keys().next().value);
  }
  return chunks.get(chunk)[number % index.perChunk];
}

// ---- the list
const rows = index.rows; // [run, id, sample, outcome, verified, category, conclusion, assurance, seconds, attempts, expected, got, excerpt, bad]
let shown = [];
let page = 0;
const haystacks = [];
function haystack(i) {
  if (haystacks[i] === undefined) {
    const r = rows[i];
    haystacks[i] = [r[1], index.categories[r[5]], index.conclusions[r[6]], r[10], r[11], r[12]].join("\n").toLowerCase();
  }
  return haystacks[i];
}
function applyFilters() {
  const words = $("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const outcome = $("outcome").value, category = $("category").value, run = $("run").value, assurance = $("assurance").value;
  const verified = $("verified").checked;
  shown = [];
  for (let i = 0; i < rows.length; i += 1) {
    const r = rows[i];
    if (run !== "" && r[0] !== Number(run)) continue;
    if (outcome !== "" && r[3] !== Number(outcome)) continue;
    if (category !== "" && r[5] !== Number(category)) continue;
    if (assurance !== "" && r[7] !== Number(assurance)) continue;
    if (verified && !r[4]) continue;
    if (words.length && !words.every((w) => haystack(i).includes(w))) continue;
    shown.push(i);
  }
  page = 0;
  draw();
}
function draw() {
  const body = $("list");
  body.replaceChildren();
  const from = page * PER_PAGE;
  for (const i of shown.slice(from, from + PER_PAGE)) {
    const r = rows[i];
    const outcome = OUTCOMES[r[3]];
    const name = r[2] ? r[1] + " (sample " + r[2] + ")" : r[1];
    const cell = (label, child, kind) => el("td", { "data-label": label, class: kind }, child);
    const row = el("tr", {},
      el("th", { scope: "row", "data-label": "problem" }, el("a", { href: "#/" + i }, name)));
    if (index.runs.length > 1) row.append(cell("run", index.runs[r[0]]));
    row.append(
      cell("category", index.categories[r[5]] || "–"),
      cell("outcome", outcome + (r[4] ? ", verified" : ""), outcome),
      cell("expected", r[10] || "–"), cell("got", r[11] || "–"),
      cell("assurance", index.assurances[r[7]]), cell("seconds", r[8].toFixed(2), "num"));
    body.append(row);
  }
  const pages = Math.max(1, Math.ceil(shown.length / PER_PAGE));
  $("count").textContent = shown.length + " of " + rows.length + " shown, page " + (page + 1) + " of " + pages;
  $("previous").disabled = page === 0;
  $("next").disabled = page >= pages - 1;
}

// ---- the page of a problem
function section(title, ...children) {
  return el("section", {}, el("h3", {}, title), ...children);
}
function listOf(diagnostics) {
  const list = el("ul", {});
  for (const d of diagnostics) {
    const where = d.span ? "line " + d.span.line + ", column " + d.span.column + ": " : "";
    const item = el("li", {}, el("strong", {}, d.severity + " "), where + d.message + " ", el("code", {}, d.code));
    if (d.source) item.append(el("div", { class: "soft" }, "words: " + d.source));
    if (d.hint) item.append(el("div", { class: "soft" }, "hint: " + d.hint));
    list.append(item);
  }
  return list;
}
function tree(attempts, parent) {
  const list = el("ul", { class: "tree" });
  for (const a of attempts.filter((x) => (x.parent || null) === parent)) {
    const came = a.verdict ? a.verdict.conclusion : "not readable";
    const head = "attempt " + a.number + " by " + a.strategy + ": " + came + " [" + a.assurance + "], " + a.seconds.toFixed(2) + " s";
    const inside = el("details", {}, el("summary", {}, head));
    if (a.diagnostics && a.diagnostics.length) inside.append(listOf(a.diagnostics));
    if (a.diff) inside.append(difference(a.diff));
    if (a.formalization && a.formalization.text) inside.append(highlight(a.formalization.text, languageOf(a.formalization.language)));
    const item = el("li", {}, inside);
    const below = tree(attempts, a.number);
    if (below.childElementCount) item.append(below);
    list.append(item);
  }
  return list;
}
function showAnswer(a, number, count) {
  const box = el("section", {});
  if (count > 1) box.append(el("h3", {}, "Case " + (number + 1)));
  box.append(el("p", {}, el("strong", {}, (a.conclusion || a.status) + ". "), a.answer || ""), el("p", { class: "soft" }, a.statement));
  if (a.question) box.append(el("p", {}, "Asked back: " + a.question));
  if (a.data && Array.isArray(a.data.plan)) {
    const steps = el("ol", { class: "plan" });
    for (const step of a.data.plan) steps.append(el("li", {}, el("code", {}, String(step))));
    box.append(section("Plan, cost " + a.data.cost, steps));
  }
  if (a.data && typeof a.data.proof === "string") {
    box.append(section("Proof", highlight(a.data.proof, languageOf(a.formalization && a.formalization.language))));
  }
  if (a.formalization && a.formalization.text) {
    box.append(section("Formalization (" + a.formalization.language + ")", highlight(a.formalization.text, languageOf(a.formalization.language))));
  }
  if (a.diagnostics && a.diagnostics.length) box.append(section("Diagnostics", listOf(a.diagnostics)));
  if (a.attempts && a.attempts.length) box.append(section("Attempts", tree(a.attempts, null)));
  const evidence = el("dl", {});
  const fact = (name, value) => evidence.append(el("dt", {}, name), el("dd", {}, String(value)));
  fact("assurance", a.assurance);
  fact("faithfulness", a.faithfulness.level + (a.faithfulness.note ? ": " + a.faithfulness.note : ""));
  if (a.certificate) {
    fact("certificate", a.certificate.kind + (a.certificate.accepted ? ", accepted by " : ", NOT accepted by ") + a.certificate.checker);
  }
  for (const c of a.claims || []) fact("claim", c.words + " [" + c.assurance + "]");
  const evidenceSection = section("Evidence", evidence);
  if (a.certificate && a.certificate.payload) {
    evidenceSection.append(el("details", {}, el("summary", {}, "the certificate"), highlight(JSON.stringify(a.certificate.payload, null, 1), "json")));
  }
  box.append(evidenceSection);
  return box;
}
async function showProblem(number) {
  const r = rows[number];
  const view = $("problem");
  const result = await details(number);
  view.replaceChildren();
  const outcome = OUTCOMES[r[3]];
  const heading = el("h2", { tabindex: "-1" }, r[1] + (r[2] ? " (sample " + r[2] + ")" : ""));
  view.append(el("p", {}, el("a", { href: "#/" }, "← all problems")), heading);
  view.append(el("p", {}, el("span", { class: outcome }, outcome + (r[4] ? ", verified" : "")), " – expected " + (r[10] || "–") + ", got " + (r[11] || "–")));
  if (outcome === "wrong" && r[4]) view.append(el("p", { class: "banner" }, "Wrong but verified: either the label is wrong, or quod is."));
  if (r[13]) view.append(el("p", { class: "banner" }, "The label is known to be bad: " + r[13]));
  if (result.cut) view.append(el("p", { class: "soft" }, "Cut to keep this file small; quod eval show RUN --id shows all of it."));
  if (result.text) view.append(section("Problem", el("pre", { class: "words", tabindex: "0", role: "group", "aria-label": "the problem's words" }, result.text)));
  if (result.note) view.append(section("Note", el("p", {}, result.note)));
  result.answers.forEach((a, n) => view.append(showAnswer(a, n, result.answers.length)));
  const cost = el("dl", {});
  for (const [name, value] of Object.entries(result.cost)) cost.append(el("dt", {}, name), el("dd", {}, String(value)));
  view.append(section("Cost", cost));
  $("overview").hidden = true;
  view.hidden = false;
  document.title = r[1] + " – quod evaluation";
  heading.focus();
  window.scrollTo(0, 0);
}
function route() {
  const match = /^#\/(\d+)$/.exec(location.hash);
  if (match && Number(match[1]) < rows.length) { showProblem(Number(match[1])); return; }
  $("problem").hidden = true;
  $("overview").hidden = false;
  document.title = "quod evaluation";
}
function fill(id, names) {
  names.forEach((name, i) => { if (name) $(id).append(el("option", { value: i }, name)); });
}
fill("outcome", OUTCOMES); fill("category", index.categories); fill("run", index.runs); fill("assurance", index.assurances);
$("run").parentElement.hidden = index.runs.length < 2;
$("run-head").hidden = index.runs.length < 2;
for (const id of ["outcome", "category", "run", "assurance", "verified"]) $(id).addEventListener("change", applyFilters);
let timer;
$("search").addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(applyFilters, 120); });
$("filters").addEventListener("submit", (event) => { event.preventDefault(); applyFilters(); });
$("previous").addEventListener("click", () => { page -= 1; draw(); });
$("next").addEventListener("click", () => { page += 1; draw(); });
window.addEventListener("hashchange", route);
applyFilters();
route();
document.documentElement.dataset.ready = "yes";

// Ranks the articles of a set with MiniSearch and nlp.js. Figures are those of
// `firstline eval`: shares of the queries that an article answers.
import { readFileSync } from "node:fs";
import MiniSearch from "minisearch";
import nlp from "node-nlp";

const [articlesFile, queriesFile, ...flags] = process.argv.slice(2);
const lines = (file) => readFileSync(file, "utf8").replace(/^\uFEFF/, "").split("\n").filter((l) => l.trim()).map((l) => JSON.parse(l));
const articles = lines(articlesFile);
const queries = lines(queriesFile).filter((q) => q.gold !== "none");
const languages = [...new Set(articles.map((a) => a.lang))];

// measure asks rank for the ids of the articles in order, best first.
async function measure(name, trainMillis, rank) {
  let top1 = 0, top3 = 0, reciprocal = 0;
  const micros = [];
  for (const q of queries) {
    const begin = performance.now();
    const ids = await rank(q);
    micros.push((performance.now() - begin) * 1000);
    const place = ids.findIndex((id) => id === q.gold || (q.also ?? []).includes(id)) + 1;
    top1 += place === 1;
    top3 += place >= 1 && place <= 3;
    reciprocal += place > 0 ? 1 / place : 0;
  }
  micros.sort((a, b) => a - b);
  const percent = (n) => ((100 * n) / queries.length).toFixed(1).padStart(5);
  const at = (share) => Math.round(micros[Math.min(micros.length - 1, Math.floor(share * micros.length))]);
  console.log(`${name.padEnd(12)} top 1 ${percent(top1)} %  top 3 ${percent(top3)} %  mrr ${(reciprocal / queries.length).toFixed(3)}` +
    `  training ${Math.round(trainMillis)} ms  query ${at(0.5)} µs, 99th percentile ${at(0.99)} µs`);
}

async function miniSearch() {
  const begin = performance.now();
  const indexes = new Map();
  for (const lang of languages) {
    const index = new MiniSearch({ fields: ["title", "questions", "body"] });
    index.addAll(articles.filter((a) => a.lang === lang).map((a) => ({ id: a.id, title: a.title, questions: (a.questions ?? []).join("\n"), body: a.body ?? "" })));
    indexes.set(lang, index);
  }
  await measure("MiniSearch", performance.now() - begin, (q) => indexes.get(q.lang)?.search(q.q, { boost: { title: 2 }, prefix: true, fuzzy: 0.2 }).map((r) => r.id) ?? []);
}

async function nlpJS() {
  const begin = performance.now();
  const managers = new Map();
  for (const lang of languages) {
    const manager = new nlp.NlpManager({ languages: [lang], forceNER: false, autoSave: false, autoLoad: false, nlu: { log: false, useNoneFeature: false } });
    for (const a of articles.filter((x) => x.lang === lang)) {
      for (const text of [a.title, ...(a.questions ?? [])]) if (text) manager.addDocument(lang, text, a.id);
    }
    await manager.train();
    managers.set(lang, manager);
  }
  await measure("nlp.js", performance.now() - begin, async (q) => (await managers.get(q.lang)?.process(q.lang, q.q))?.classifications?.map((c) => c.intent) ?? []);
}

await miniSearch();
if (!flags.includes("--skip-nlpjs")) await nlpJS();

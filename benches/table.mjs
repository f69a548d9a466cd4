// Prints one table from the peer's figures (JSON, first argument) and criterion's estimates (folder, second argument).
import {readFileSync, readdirSync} from 'node:fs';
import {dirname, join} from 'node:path';

const peer = JSON.parse(process.argv[2]);
const ours = new Map(
  readdirSync(process.argv[3], {recursive: true})
    .filter(path => path.endsWith(join('new', 'estimates.json')))
    .map(path => {
      const folder = join(process.argv[3], dirname(path));
      const {function_id: work} = JSON.parse(readFileSync(join(folder, 'benchmark.json'), 'utf8'));
      const nanoseconds = JSON.parse(readFileSync(join(folder, 'estimates.json'), 'utf8')).mean.point_estimate;
      return [work, 1e9 / nanoseconds];
    })
);

const rows = [
  ['issue', peer.issue_per_s],
  ['verify', peer.verify_per_s],
  ['inspect', peer.verify_per_s],
].map(([work, theirs]) => {
  const rate = ours.get(work);
  if (rate === undefined) {
    throw new Error(`criterion measured no "${work}", only ${[...ours.keys()].join(', ')}`);
  }
  return [work, Math.round(rate), Math.round(theirs), `${Math.round(rate / theirs)}x`];
});

const packages = Object.entries(peer.packages).map(([name, version]) => `${name} ${version}`).join(', ');
console.log(`peer: ${packages}\n`);
console.log('| work | Assay, /s | peer, /s | ratio |\n|---|---:|---:|---:|');
rows.forEach(row => console.log(`| ${row.join(' | ')} |`));

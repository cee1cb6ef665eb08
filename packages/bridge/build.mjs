// Gathers the package: the library is the very file that servers serve.
import fs from 'node:fs';

const here = new URL('./', import.meta.url);
const served = new URL('../../public/', here);
const dist = new URL('./dist/', here);

fs.rmSync(dist, { recursive: true, force: true });
fs.mkdirSync(dist);
for (const name of fs.readdirSync(served).filter((name) => /^meet(BridgeApi|Frame)\./.test(name))) {
  fs.copyFileSync(new URL(name, served), new URL(name, dist));
}
for (const name of ['react.mjs', 'react.d.mts']) fs.copyFileSync(new URL(name, here), new URL(name, dist));
fs.copyFileSync(new URL('../../LICENSE', here), new URL('./LICENSE', here));

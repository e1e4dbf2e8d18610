#!/usr/bin/env node
// A test in Node.js: the server runs beside it, and is made wrong over HTTP.
//
//   node.mjs FAKEDNS WORLD
import assert from 'node:assert';
import { spawn } from 'node:child_process';
import { Resolver } from 'node:dns/promises';
import { createInterface } from 'node:readline';

const [program, world] = process.argv.slice(2);
const server = spawn(program, [world, '--control', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'inherit'] });
const endpoints = {};
let control;
for await (const line of createInterface(server.stdout)) {
    const words = line.split(' ');
    if (words[0] === 'ready') break;
    if (words[0] === 'control') control = words[1];
    else endpoints[words.at(-2)] = words.at(-1);
}

async function command(name, args = {}) {
    const response = await fetch(`http://${control}/v1/${name}`, {
        method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(args),
    });
    assert.ok(response.ok, await response.clone().text());
    return (await response.json()).result;
}

const resolver = new Resolver({ timeout: 5000, tries: 1 });
resolver.setServers([endpoints['192.0.2.1:53']]);
try {
    assert.deepEqual(await resolver.resolve4('www.example.com'), ['192.0.2.80']);
    await command('patch', { world: 'rules: [ { name: broken, then: { rcode: SERVFAIL } } ]' });
    await assert.rejects(resolver.resolve4('www.example.com'), { code: 'ESERVFAIL' });
    assert.match(JSON.stringify(await command('log')), /broken/);
    console.log('node: as it should be');
} finally {
    server.kill();
}

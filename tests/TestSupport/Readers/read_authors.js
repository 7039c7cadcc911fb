// Reads the authors of messages with addressparser, the parser of Nodemailer. One message in base64 per line in, one JSON object per line out.
'use strict';
const addressparser = require('/usr/share/nodejs/addressparser');
const lines = require('fs').readFileSync(0, 'latin1').split('\n').filter(line => line);
const names = list => list.flatMap(entry => [entry.name || '', ...(entry.group ? names(entry.group) : [])]);
const flat = list => list.flatMap(entry => entry.group ? flat(entry.group) : [entry.address || '']);
for (const line of lines) {
    const header = Buffer.from(line, 'base64').toString('utf8').split(/^\r?\n/m)[0].replace(/\r?\n(?=[ \t])/g, '');
    const lists = [...header.matchAll(/^From[ \t]*:(.*)$/gmi)].map(match => addressparser(match[1].trim()));
    console.log(JSON.stringify({ 'addressparser': lists.flatMap(flat), 'name: addressparser': lists.flatMap(names) }));
}

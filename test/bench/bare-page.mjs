// The floor of a page: Express and Handlebars render a table of 50 rows, without session, database and layout.
import express from 'express';
import Handlebars from 'handlebars';

const template = Handlebars.compile(`<!doctype html><html lang="en"><title>Users</title><table>
{{#each rows}}<tr>{{#each cells}}<td>{{this}}</td>{{/each}}</tr>{{/each}}</table></html>`);
const rows = Array.from({ length: 50 }, (_, row) => ({
  cells: Array.from({ length: 8 }, (_, cell) => `Value ${cell} of row ${row}`),
}));

const app = express();
app.get('/users', (_request, response) => {
  response.type('html').send(template({ rows }));
});
const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address && typeof address === 'object')
    console.log(`Rollcall listens on http://127.0.0.1:${address.port}`);
});

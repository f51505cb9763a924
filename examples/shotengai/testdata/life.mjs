// Drives a running serve from another language, with nothing but what the language has:
// node life.mjs http://127.0.0.1:8800
import assert from 'node:assert/strict';
import {createHmac} from 'node:crypto';
import {createServer} from 'node:http';

const control = process.argv[2];

async function api(path, body) {
  const answer = await fetch(control + path, body === undefined ? {} : {method: 'POST', body: JSON.stringify(body)});
  const result = await answer.json();
  assert.equal(answer.status, 200, `${path}: ${JSON.stringify(result)}`);
  return result;
}

// The app: a server that verifies the hooks of the platform.
const {app, url, shops: [shop]} = await api('/api/colorme');
const hooks = [];
const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    const mac = createHmac('sha256', app.webhook_secret).update(body).digest('base64');
    if (request.headers['x-appstore-signature'] !== mac) {
      response.writeHead(401).end();
      return;
    }
    hooks.push({path: request.url, ...JSON.parse(body)});
    response.writeHead(200, {'Content-Type': 'application/json'});
    response.end(JSON.stringify({redirect_url: `${own}/login`}));
  });
});
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const own = `http://127.0.0.1:${server.address().port}`;

// The shop installs the app, and its owner logs in.
const path = `/api/colorme/shops/${shop.id}`;
const installed = await api(`${path}/hooks`, {kind: 'install', url: `${own}/install`});
assert.equal(installed.redirect_url, `${own}/login`);
assert.equal(hooks[0].account_id, shop.id);
await api('/api/colorme/app', {redirect_uri: `${own}/callback`});
const login = new URL(app.authorize_url);
login.search = new URLSearchParams({
  client_id: app.client_id, response_type: 'code', redirect_uri: `${own}/callback`, scope: 'read_sales write_sales', state: 'abcdefgh12',
});
const allowed = await fetch(login, {redirect: 'manual'});
const back = new URL(allowed.headers.get('location'));
assert.equal(back.searchParams.get('state'), 'abcdefgh12');
const tokens = await (await fetch(app.token_url, {
  method: 'POST',
  body: new URLSearchParams({
    grant_type: 'authorization_code', client_id: app.client_id, client_secret: app.client_secret,
    redirect_uri: `${own}/callback`, code: back.searchParams.get('code'),
  }),
})).json();
const authorization = {Authorization: `Bearer ${tokens.access_token}`};

// An order comes in, and is paid.
const order = await api(`${path}/orders`, {paid: false});
const sale = async () => (await (await fetch(`${url}/v1/sales/${order.id}`, {headers: authorization})).json()).sale;
assert.equal((await sale()).paid, false);
await api(`${path}/orders/${order.id}/pay`, {});
assert.equal((await sale()).paid, true);
const sales = await (await fetch(`${url}/v1/sales?limit=1`, {headers: authorization})).json();
assert.equal(String(sales.sales[0].id), order.id);

// A call fails once, and the shop leaves.
await api('/api/colorme/faults', {status: 429, retry_after: '7'});
const busy = await fetch(`${url}/v1/sales`, {headers: authorization});
assert.deepEqual([busy.status, busy.headers.get('retry-after')], [429, '7']);
await api(`${path}/hooks`, {kind: 'uninstall', url: `${own}/uninstall`});
assert.deepEqual(hooks.map((hook) => hook.path), ['/install', '/uninstall']);
assert.equal((await fetch(`${url}/v1/sales`, {headers: authorization})).ok, false);
console.log('Color Me: installed, logged in, paid, uninstalled');
server.close();

// Rakuten: find the new order, read it, confirm it, report its parcel.
const rms = await api('/api/rakuten');
const [{id: rmsShop, credentials}] = rms.shops;
const esa = Buffer.from(`${credentials.service_secret}:${credentials.license_key}`).toString('base64');
async function call(operation, body) {
  const answer = await fetch(`${rms.url}/es/2.0/order/${operation}/`, {
    method: 'POST', headers: {Authorization: `ESA ${esa}`, 'Content-Type': 'application/json; charset=utf-8'}, body: JSON.stringify(body),
  });
  const result = await answer.json();
  assert.equal(answer.status, 200, `${operation}: ${JSON.stringify(result)}`);
  return result;
}
const rmsPath = `/api/rakuten/shops/${rmsShop}/orders`;
const {id: orderNumber} = await api(rmsPath, {});
const japan = (offset) => new Date(Date.now() + offset + 9 * 3600e3).toISOString().slice(0, 19) + '+0900';
const search = await call('searchOrder', {
  dateType: 1, startDatetime: japan(-3600e3), endDatetime: japan(60e3), orderProgressList: [100],
  PaginationRequestModel: {requestRecordsAmount: 1000, requestPage: 1},
});
assert.ok(search.orderNumberList.includes(orderNumber));
const read = async () => (await call('getOrder', {orderNumberList: [orderNumber], version: 7})).OrderModelList[0];
const imported = await read();
assert.equal(imported.orderProgress, 100);
await call('confirmOrder', {orderNumberList: [orderNumber]});
assert.equal((await read()).orderProgress, 200);
await api(`${rmsPath}/${orderNumber}/process`, {});
await call('updateOrderShipping', {
  orderNumber,
  BasketidModelList: [{
    basketId: imported.PackageModelList[0].basketId,
    ShippingModelList: [{deliveryCompany: '1001', shippingNumber: '1234-5678-9012', shippingDate: japan(0).slice(0, 10)}],
  }],
});
assert.equal((await read()).orderProgress, 500);
console.log('Rakuten: imported, confirmed, shipped');

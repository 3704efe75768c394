// The live search: sends what is typed over a WebSocket and shows the films that come back.
const input = document.getElementById("live");
const list = document.getElementById("live-results");
const address = new URL(input.dataset.socket, location.href);
address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
let socket;
let wait = 500;

function connect() {
  socket = new WebSocket(address);
  socket.addEventListener("open", () => {
    wait = 500;
    ask();
  });
  socket.addEventListener("message", (event) => show(JSON.parse(event.data)));
  socket.addEventListener("close", () => {
    setTimeout(connect, wait);
    wait = Math.min(wait * 2, 10000);
  });
}

function ask() {
  if (socket.readyState === WebSocket.OPEN) socket.send(input.value);
}

function show({ text, films }) {
  if (text !== input.value) return; // an answer to what was typed before
  list.replaceChildren(
    ...films.map((film) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = film.url;
      link.textContent = film.title;
      const year = document.createElement("span");
      year.className = "a-muted";
      year.textContent = film.year;
      item.append(link, year);
      return item;
    }),
  );
}

input.addEventListener("input", ask);
connect();

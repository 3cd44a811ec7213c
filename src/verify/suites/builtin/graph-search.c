// Aims at: graphs: shortest paths by three methods, components, topological order, spanning trees.
#include "check.h"
#include <limits.h>
#include <stdint.h>
#include <string.h>

enum { N = 24, FAR = INT_MAX / 4 };
struct edge { int from, to, weight; };
static struct edge edges[N * 8];
static int edge_count, first[N + 1];

NOINLINE static void make(uint32_t seed) { // ordered by origin, so first[] gives each node's own
  edge_count = 0;
  for (int from = 0; from < N; from++) {
    first[from] = edge_count;
    for (int k = 0; k < 4; k++) {
      seed = seed * 1664525 + 1013904223;
      int to = (int)(seed >> 20) % N;
      if (from % 6 == 5 && to < from) continue;
      edges[edge_count++] = (struct edge){from, to, (int)(seed >> 8) % 90 + 1};
    }
  }
  first[N] = edge_count;
}
NOINLINE static void dijkstra(int start, int *d) {
  int heap[N * 8], size = 0, key[N * 8];
  for (int i = 0; i < N; i++) d[i] = FAR;
  d[start] = 0;
  heap[size] = start, key[size++] = 0;
  while (size) {
    int node = heap[0], at = key[0], i = 0;
    size--;
    int last = heap[size], last_key = key[size];
    for (;;) { // sift the last down
      int c = 2 * i + 1;
      if (c >= size) break;
      if (c + 1 < size && key[c + 1] < key[c]) c++;
      if (key[c] >= last_key) break;
      heap[i] = heap[c], key[i] = key[c], i = c;
    }
    heap[i] = last, key[i] = last_key;
    if (at > d[node]) continue;
    for (int e = first[node]; e < first[node + 1]; e++) {
      int t = edges[e].to, w = at + edges[e].weight;
      if (w >= d[t]) continue;
      d[t] = w;
      int j = size++;
      while (j && key[(j - 1) / 2] > w) heap[j] = heap[(j - 1) / 2], key[j] = key[(j - 1) / 2], j =
          (j - 1) / 2;
      heap[j] = t, key[j] = w;
    }
  }
}
NOINLINE static int bellman_ford(int start, int *d) {
  int rounds = 0, changed = 1;
  for (int i = 0; i < N; i++) d[i] = i == start ? 0 : FAR;
  for (; changed; rounds++) {
    changed = 0;
    for (const struct edge *e = edges; e < edges + edge_count; e++)
      if (d[e->from] + e->weight < d[e->to]) d[e->to] = d[e->from] + e->weight, changed = 1;
  }
  return rounds;
}
NOINLINE static void floyd(int (*d)[N]) {
  for (int i = 0; i < N; i++) for (int j = 0; j < N; j++) d[i][j] = i == j ? 0 : FAR;
  for (int e = 0; e < edge_count;
      e++) if (edges[e].weight < d[edges[e].from][edges[e].to]) d[edges[e].from][edges[e].to] =
      edges[e].weight;
  for (int k = 0; k < N; k++)
    for (int i = 0; i < N; i++)
      for (int j = 0; j < N; j++) d[i][j] = d[i][k] + d[k][j] < d[i][j] ? d[i][k] + d[k][j]
          : d[i][j];
}
static int index_of[N], low[N], component[N], stack[N], depth, counter, components;
NOINLINE static void strong(int v) { // Tarjan
  index_of[v] = low[v] = ++counter;
  stack[depth++] = v;
  for (int e = first[v]; e < first[v + 1]; e++) {
    int w = edges[e].to;
    if (!index_of[w]) { strong(w); if (low[w] < low[v]) low[v] = low[w]; }
    else if (!component[w] && index_of[w] < low[v]) low[v] = index_of[w];
  }
  if (low[v] != index_of[v]) return;
  components++;
  int w;
  do component[w = stack[--depth]] = components; while (w != v);
}
static int parent[N];
NOINLINE static int root(int v) { return parent[v] == v ? v : (parent[v] = root(parent[v])); }
NOINLINE static int spanning_kruskal(void) {
  int total = 0;
  for (int i = 0; i < N; i++) parent[i] = i;
  for (int w = 1; w <= 90; w++)
    for (int e = 0; e < edge_count; e++)
      if (edges[e].weight == w && root(edges[e].from) != root(edges[e].to)) total += w,
          parent[root(edges[e].from)] = root(edges[e].to);
  return total;
}
NOINLINE static int spanning_prim(void) {
  int best[N], in[N] = {0}, total = 0;
  for (int i = 0; i < N; i++) best[i] = i ? FAR : 0;
  for (int round = 0; round < N; round++) {
    int v = -1;
    for (int i = 0; i < N; i++) if (!in[i] && (v < 0 || best[i] < best[v])) v = i;
    in[v] = 1, total += best[v] == FAR ? 0 : best[v];
    for (int e = 0; e < edge_count; e++) {
      int a = edges[e].from, b = edges[e].to, w = edges[e].weight;
      if (a == v && !in[b] && w < best[b]) best[b] = w;
      if (b == v && !in[a] && w < best[a]) best[a] = w;
    }
  }
  return total;
}

int main(void) {
  uint32_t hash = 0;
  for (uint32_t round = 0; round < 4; round++) {
    int one[N], two[N], all[N][N];
    make(HIDE(round * 77 + 5));
    floyd(all);
    for (int s = 0; s < N; s++) {
      dijkstra(s, one);
      int rounds = bellman_ford(s, two);
      CHECK(memcmp(one, two, sizeof one) == 0 && memcmp(one, all[s], sizeof one) == 0
          && rounds <= N);
      for (int i = 0; i < N; i++) hash = hash * 31 + (uint32_t)one[i];
    }
    memset(index_of, 0, sizeof index_of), memset(component, 0, sizeof component);
    counter = components = depth = 0;
    for (int v = 0; v < N; v++) if (!index_of[v]) strong(v);
    for (int i = 0; i < N; i++)
      for (int j = 0; j < N; j++) {
        CHECK_EQ(component[i] == component[j], all[i][j] < FAR && all[j][i] < FAR);
        if (all[i][j] < FAR) CHECK(component[i] >= component[j]); // reverse topological order
      }
    int total = spanning_kruskal();
    CHECK_EQ(total, spanning_prim());
    printf("%d %d\n", components, total);
  }
  printf("%u\n", hash);
  return verdict();
}

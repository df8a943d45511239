"""Specs for the tests of docker/, and the texts of the files that are made from them."""

import functools

from chuoigen.artifacts import docker
from chuoigen.plan import Plan
from tests.artifacts.plans import plan_of

HEAD = """\
chuoigen: 1
name: shop
aws: { account: "123456789012", region: eu-west-1 }
timezone: Europe/Berlin
task: { cpu: 1024, memory: 2048, execution_role: execution, task_role: task }
"""
MODERN = """\
volumes: { static: {}, logs: {}, state: {} }
containers:
  app:
    build:
      recipe: phoenix
      elixir: "1.18"
      assets: { tool: webpack, package_manager: yarn, sources: [ts, webpack.config.js] }
      args: { MIX_ENV: prod }
    publish: { static: static }
    ports: [4000]
    mounts: { static: /var/app/public, logs: /var/log/shop }
  web:
    build: { recipe: nginx, upstream: app, static: static }
    ports: [80]
    mounts: { static: "/var/app/public:ro" }
    healthcheck: { http: /up }
  log:
    build:
      recipe: fluentd
      tail: { logs: "*.log" }
      state: state
      s3: { bucket: shop-logs, flush_interval: 30s }
    mounts: { logs: "/var/log/shop:ro", state: /fluentd/state }
    stop_timeout: 120s
"""
OLD = """\
volumes: { static: {}, logs: {}, state: {} }
containers:
  app:
    build:
      recipe: phoenix
      elixir: "1.6.0"
      release: distillery
      assets: { tool: webpack, package_manager: yarn, sources: [ts] }
      args: { MIX_ENV: qa, SECRET_KEY_BASE: { ssm: /shop/secret } }
    publish: { static: static }
    ports: [4000]
    mounts: { static: /var/app/public, logs: /var/log/shop }
  log:
    build:
      recipe: fluentd
      version: "1.2"
      s3_plugin: 1.0.0
      tail: { logs: "*.log" }
      state: state
      s3: { bucket: shop-logs }
    user: "0"
    mounts: { logs: "/var/log/shop:ro", state: /fluentd/state }
"""
HOSTILE = """\
volumes: { static: {}, logs: {}, state: {} }
containers:
  app:
    build:
      recipe: phoenix
      elixir: "1.18"
      packages: ["it's", "$(id)"]
      assets: { package_manager: npm, script: "b; rm -rf $HOME", sources: ["assets/*.js", "a b", 'q"$HOME'] }
      args: { GREETING: 'say "$HOME" \\' }
    publish: { static: static }
    ports: [4000, 53/udp]
    mounts: { static: '/srv/o''g "$x"', logs: /var/log/a b }
  log:
    build: { recipe: fluentd, tail: { logs: '*"#{1}.log' }, state: state, s3: { bucket: b, prefix: '100%/#{1}/' } }
    mounts: { logs: "/var/log/a b:ro", state: "/state d" }
"""


@functools.cache
def files(text: str) -> dict[str, str]:
    return texts(plan_of(HEAD + text))


def texts(plan: Plan) -> dict[str, str]:
    return {artifact.path: artifact.text for artifact in docker.render(plan)}

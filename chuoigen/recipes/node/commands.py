"""What the package managers are told: each command as a shell takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuoigen.templating import sh

if TYPE_CHECKING:
    from chuoigen.recipes.node.planning import NodePlan

# "--production=false" and the like: NODE_ENV may be a build argument. pnpm asks before it removes node_modules, unless
# CI is set; for the builds themselves CI stays unset, since some treat warnings as errors then.
_INSTALL = {
    "npm": "npm ci --include=dev",
    "yarn": "yarn install --frozen-lockfile --production=false",
    "berry": "yarn install --immutable",
    "pnpm": "CI=true pnpm install --frozen-lockfile --prod=false",
}


def install(made: NodePlan) -> list[str]:
    """Return the commands that install what the lock file says, development dependencies included."""
    tool = [f"npm install --global --force {sh(made.tool)}"] if made.tool else []
    return [*tool, _INSTALL[made.manager]]


def build(made: NodePlan) -> list[str]:
    """Return the commands that run the scripts, in the order in which the folders need each other."""
    return [f"NODE_ENV=production {_run(made.manager, folder)} {sh(name)}" for folder, name in made.scripts.items()]


def _run(manager: str, folder: str) -> str:
    if folder == ".":
        return "npm run" if manager == "npm" else f"{_program(manager)} run"
    if manager == "npm":
        return f"npm run {sh(f'--workspace={folder}')}"
    return f"{_program(manager)} {'--dir' if manager == 'pnpm' else '--cwd'} {sh(folder)} run"


def _program(manager: str) -> str:
    return "yarn" if manager == "berry" else manager


def production(made: NodePlan) -> list[str]:
    """Return the commands that leave the production dependencies, of workspaces those of the folders that are kept.

    yarn 1 cannot choose workspaces: there the dependencies of the others stay.
    """
    folders = [*made.needs, made.folder] if made.folder != "." else []
    if made.manager == "yarn":
        return ["yarn install --frozen-lockfile --production --ignore-scripts --prefer-offline"]
    if made.manager == "berry":
        here = f"--cwd {sh(made.folder)} " if folders else ""
        return [f"yarn {here}workspaces focus --production"]
    if made.manager == "pnpm":
        modules = " ".join(sh(f"{folder}/node_modules") for folder in folders)
        chosen = "".join(f" --filter {sh(f'./{folder}')}" for folder in folders)
        # What has been compiled is in pnpm's store, so that no script has to run again.
        again = f"CI=true pnpm install --prod --frozen-lockfile --offline --ignore-scripts{chosen}"
        return [f"rm -rf node_modules {modules}".rstrip(), again]
    if not folders:
        return ["npm prune --omit=dev"]
    chosen = "".join(f" {sh(f'--workspace={folder}')}" for folder in folders)
    # `npm prune` does not choose workspaces; `npm ci` runs `prepare`, whose tools are development dependencies.
    return [
        "npm pkg delete scripts.prepare --workspaces --include-workspace-root",
        f"npm ci --omit=dev --prefer-offline{chosen}",
    ]


def gather(made: NodePlan) -> list[str]:
    """Return the commands that put into /app what the image keeps; none when it keeps all."""
    whole = made.folder == "."
    if whole and made.kept is None:
        return []
    own = (made.folder,) if made.kept is None else tuple(f"{made.folder}/{name}" for name in made.kept)
    kept = dict.fromkeys(("package.json", *made.needs, *own) if not whole else made.kept or ())
    places = ["node_modules"] if whole or made.kept is None else ["node_modules", f"{made.folder}/node_modules"]
    modules = " ".join(sh(place) for place in places)
    return [
        "mkdir /app",
        f"cp -a --parents -- {' '.join(sh(name) for name in kept)} /app",
        f'for modules in {modules}; do test ! -d "$modules" || cp -a --parents -- "$modules" /app || exit 1; done',
    ]

"""What the package managers are told: each command as a shell takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuoigen.templating import sh

if TYPE_CHECKING:
    from chuoigen.recipes.node.planning import NodePlan

# "--production=false" and the like: NODE_ENV may be a build argument. pnpm asks before it removes node_modules, unless
# CI is set; for the builds themselves CI stays unset, since some treat warnings as errors then. The lock file of yarn
# since version 2 has a digest of each `file:` folder, and here only manifests are in it: the installation compares.
_DOWNLOAD = {
    "npm": "npm ci --include=dev --ignore-scripts",
    "yarn": "yarn install --frozen-lockfile --production=false --ignore-scripts",
    "berry": "yarn install --no-immutable --mode=skip-build",
    "pnpm": "CI=true pnpm fetch --ignore-scripts",
}
_INSTALL = {
    "npm": "npm ci --include=dev --prefer-offline",
    "yarn": "yarn install --frozen-lockfile --production=false --prefer-offline",
    "berry": "yarn install --immutable",
    "pnpm": "CI=true pnpm install --frozen-lockfile --prod=false --prefer-offline",
}
_CLEAN = "find . -name node_modules -prune -exec rm -rf {} +"


def download(made: NodePlan) -> list[str]:
    """Return the commands that fill the package manager's cache with what the lock file says, and leave nothing else.

    No script runs: those of the application, and of some packages, need more than the files that are there yet.
    """
    tool = [f"npm install --global --force {sh(made.tool)}"] if made.tool else []
    return [*tool, _DOWNLOAD[made.manager], _CLEAN]


def install(made: NodePlan) -> list[str]:
    """Return the commands that install what the lock file says, development dependencies included."""
    return [_INSTALL[made.manager]]


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
        return _production_of_pnpm(folders)
    if not folders:
        return ["npm prune --omit=dev"]
    # `npm prune` does not choose workspaces, and `npm ci` runs `prepare`, whose tools are development dependencies.
    chosen = "".join(f" {sh(f'--workspace={folder}')}" for folder in folders)
    return [
        "npm pkg delete scripts.prepare --workspaces --include-workspace-root",
        f"npm ci --omit=dev --prefer-offline{chosen}",
    ]


def _production_of_pnpm(folders: list[str]) -> list[str]:
    """Return the commands for pnpm, whose `prune` does not know workspaces; its `install` runs `prepare`, as npm's."""
    if not folders:
        return ["CI=true pnpm prune --prod --ignore-scripts"]
    places = " ".join(sh(folder) for folder in (".", *folders))
    chosen = "".join(f" {sh(f'--filter=./{folder}')}" for folder in folders)
    return [
        _CLEAN,
        f'for folder in {places}; do (cd "$folder" && npm pkg delete scripts.prepare) || exit 1; done',
        f"CI=true pnpm install --prod --frozen-lockfile --offline{chosen}",
    ]


def gather(made: NodePlan) -> list[str]:
    """Return the commands that put into /app what the image keeps; none when it keeps all."""
    whole = made.folder == "."
    if whole and made.kept is None:
        return []
    own = (made.folder,) if made.kept is None else tuple(f"{made.folder}/{name}" for name in made.kept)
    kept = dict.fromkeys(("package.json", *made.needs, *own) if not whole else made.kept or ())
    places = ["node_modules"] if whole or made.kept is None else ["node_modules", f"{made.folder}/node_modules"]
    return [
        "mkdir /app",
        f"cp -a --parents -- {' '.join(sh(name) for name in kept)} /app",
        # Without dependencies there is no such folder.
        *(f"{{ test ! -d {sh(place)} || cp -a --parents -- {sh(place)} /app; }}" for place in places),
        # Workspaces and folders that are not kept.
        "find /app -type l ! -exec test -e {} \\; -delete",
    ]

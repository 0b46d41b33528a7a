# Sourced by the programs in this folder. Sets up what they need, once, and is quick when there is nothing to do.
# shellcheck shell=sh

cd "$(dirname "$0")/.." || exit 1
PYTHON=.venv/bin/python

# say SENTENCE: to whoever runs this, apart from what programs print.
say() { printf '%s\n' "$*" >&2; }

# as_root COMMAND...: run it as root if we are root or may become so without a question.
as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; elif sudo -n true 2>/dev/null; then sudo -n "$@"; else return 1; fi
}

# install_packages PACKAGE...: system packages through apt; a sentence when that cannot be.
install_packages() {
    if command -v apt-get >/dev/null 2>&1; then
        say "Installing system packages: $*"
        if as_root env DEBIAN_FRONTEND=noninteractive sh -c '
            apt-get install -y -q --no-install-recommends "$@" >/dev/null 2>&1 ||
            { apt-get update -q >/dev/null && apt-get install -y -q --no-install-recommends "$@" >/dev/null; }' sh "$@"
        then return 0; fi
    fi
    say "These system packages are needed and could not be installed here. As root, run: apt-get install $*"
    return 1
}

# find_python: a Python of 3.11 or newer, with venv.
find_python() {
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        command -v "$name" >/dev/null 2>&1 &&
            "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$name" && return 0
    done
    say "Licence Desk needs Python 3.11 or newer. Install it and start again."
    return 1
}

# set_up_libraries: what WeasyPrint loads to make PDFs.
set_up_libraries() {
    known=$( (ldconfig -p || /sbin/ldconfig -p) 2>/dev/null)
    case $known in *libpango-1.0.so.0*) ;; *) set -- libpango-1.0-0 ;; esac
    case $known in *libpangoft2-1.0.so.0*) ;; *) set -- "$@" libpangoft2-1.0-0 ;; esac
    case $known in *libharfbuzz-subset.so.0*) ;; *) set -- "$@" libharfbuzz-subset0 ;; esac
    case $known in *libfontconfig.so.1*) ;; *) set -- "$@" libfontconfig1 ;; esac
    [ $# = 0 ] || install_packages "$@"
}

# fingerprint FILE...: one line that changes when a file does.
fingerprint() { cat "$@" | sha256sum | cut -d ' ' -f 1; }

# set_up_python run|dev: .venv with exactly the pinned packages, checked by their hashes.
set_up_python() {
    wanted=$(fingerprint "requirements/$1.txt")
    [ -x $PYTHON ] && [ "$(cat ".venv/.installed-$1" 2>/dev/null)" = "$wanted" ] && return 0
    python=$(find_python) || return 1
    if [ ! -x $PYTHON ]; then
        say "Setting up .venv; the first time takes a minute or two."
        "$python" -m venv .venv 2>/dev/null || {
            rm -rf .venv
            install_packages "$("$python" -c 'import sys; print(f"python3.{sys.version_info[1]}-venv")')" || return 1
            "$python" -m venv .venv || return 1
        }
    fi
    $PYTHON -m pip install --quiet --disable-pip-version-check --require-hashes -r "requirements/$1.txt" || {
        say "The packages of requirements/$1.txt could not be installed: is there a network, or an index that pip knows?"
        return 1
    }
    echo "$wanted" >".venv/.installed-$1"
    # The packages to develop with contain those to run with.
    [ "$1" = run ] || fingerprint requirements/run.txt >.venv/.installed-run
}

# set_up run|dev: everything; two at once wait for each other.
set_up() {
    mkdir -p var
    if command -v flock >/dev/null 2>&1; then
        (flock 9 && set_up_libraries && set_up_python "$1") 9>var/.set-up.lock || exit 1
    else
        { set_up_libraries && set_up_python "$1"; } || exit 1
    fi
}

#!/bin/bash
# A database on loopback, for tests: server.sh postgres|mariadb PORT CERT KEY SETUP
# Says `ready` when it takes questions, and goes, with all it has, when nobody talks to it
# any more.
set -euo pipefail
kind=$1 port=$2 cert=$3 key=$4
setup=$(realpath "$5")
folder=$(mktemp -d)
cp "$cert" "$folder/cert.pem"
cp "$key" "$folder/key.pem"
chmod 600 "$folder/key.pem"

as=()
server=
word=KILL
end() {
    if [ -n "$server" ]; then
        kill -"$word" "$server" 2> /dev/null || true
        wait "$server" 2> /dev/null || true
    fi
    rm -rf "$folder"
}
trap end EXIT

case $kind in
    postgres)
        # With its children, which a harder word would leave behind.
        word=QUIT
        # It does not run as root.
        if [ "$(id -u)" = 0 ]; then
            chown -R postgres "$folder"
            as=(setpriv --reuid=postgres --regid=postgres --clear-groups)
        fi
        programs=$(find /usr/lib/postgresql -maxdepth 2 -name bin | sort -V | tail -n 1)
        cd "$folder"
        "${as[@]}" "$programs/initdb" --pgdata "$folder/data" --username owner --auth-local trust \
            --auth-host scram-sha-256 --encoding UTF8 --locale C --no-sync > "$folder/log" 2>&1
        "${as[@]}" "$programs/postgres" -D "$folder/data" -p "$port" -h 127.0.0.1 -k "$folder" \
            -c ssl=on -c ssl_cert_file="$folder/cert.pem" -c ssl_key_file="$folder/key.pem" \
            -c fsync=off -c shared_buffers=16MB -c lc_messages=C >> "$folder/log" 2>&1 < /dev/null &
        server=$!
        ask=(psql --no-psqlrc --quiet --host "$folder" --port "$port" --username owner --dbname postgres -v ON_ERROR_STOP=1)
        ;;
    mariadb)
        mariadb-install-db --no-defaults --user="$(id -un)" --datadir="$folder/data" \
            --auth-root-authentication-method=normal --skip-test-db > "$folder/log" 2>&1
        mariadbd --no-defaults --user="$(id -un)" --datadir="$folder/data" --port="$port" \
            --bind-address=127.0.0.1 --socket="$folder/socket" --skip-name-resolve \
            --ssl-cert="$folder/cert.pem" --ssl-key="$folder/key.pem" --local-infile=1 \
            --innodb-flush-log-at-trx-commit=0 --innodb-buffer-pool-size=16M \
            --character-set-server=utf8mb4 >> "$folder/log" 2>&1 < /dev/null &
        server=$!
        ask=(mariadb --no-defaults --socket="$folder/socket" --user=root --default-character-set=utf8mb4)
        ;;
esac

# What answers is there; what ended will not come.
until "${ask[@]}" < /dev/null > /dev/null 2>&1; do
    if ! kill -0 "$server" 2> /dev/null; then
        cat "$folder/log" >&2
        exit 1
    fi
    sleep 0.1
done
"${ask[@]}" < "$setup" >> "$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }
echo ready
cat > /dev/null

#!/bin/sh
# One backup into a folder, and away with those older than 30 days: what a person had erased must leave the backups too.
# It is of the database alone. The keys of open polls (VIVAS_POLL_KEYS) stay where they are: no backup may hold them.
# backup.sh [FOLDER]
set -eu
umask 077

folder=${1:-/var/backups/vivas-bot}
program=${VIVAS_BOT:-/opt/vivas-bot/.venv/bin/vivas-bot}
name=vivas-bot-$(date -u +%Y%m%dT%H%M%SZ).backup

mkdir -p "$folder"
# The last step is a rename, so that a file with this name is always whole.
"$program" backup "$folder/.$name.part"
mv "$folder/.$name.part" "$folder/$name"
find "$folder" -maxdepth 1 -type f \( -name 'vivas-bot-*.backup' -o -name '.vivas-bot-*.part' \) -mtime +29 -delete

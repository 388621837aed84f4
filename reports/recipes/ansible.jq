# What `ansible-inventory --list` says becomes an inventory of pairflight: the hosts of the groups primary and secondary and of the
# groups in them. What cannot be taken over ends with the host's name and the reason; nothing is left out in silence.
. as $all
| def members: (.hosts // [])[], ((.children // [])[] | $all[.] // {} | members);
  def refused($host; $why): error("\($host): \($why)");
  # A name of letters, digits, hyphens and underscores, as an inventory of pairflight has them.
  def plain: gsub("[^A-Za-z0-9_-]"; "-") | if test("^[A-Za-z]") then . else "host-" + . end;
  def arguments: [.ansible_ssh_args, .ansible_ssh_common_args, .ansible_ssh_extra_args | strings | select(. != "")] | join(" ");
  def login($host):
    if arguments != "" then
      refused($host; "the ssh arguments \"\(arguments)\" are not taken over; put them (ProxyJump and the like) into ~/.ssh/config, where pairflight reads them")
    else
      {
        host: (.ansible_host // .ansible_ssh_host // $host),
        port: (.ansible_port // .ansible_ssh_port),
        user: (.ansible_user // .ansible_ssh_user),
        identityFile: (.ansible_ssh_private_key_file // .ansible_private_key_file)
      }
      | if .port | type == "string" and test("^[1-9][0-9]*$") then .port |= tonumber else . end
      | with_entries(select(.value != null))
    end;
  def way($host):
    (.ansible_connection // "ssh") as $connection
    | if $connection == "local" then {connection: "local"}
      elif ["ssh", "smart", "paramiko", "paramiko_ssh", "ansible.builtin.ssh"] | index($connection) then {ssh: login($host)}
      else refused($host; "ansible_connection=\($connection) is not taken over; pairflight reaches hosts by ssh, or is on one (local)") end;
  [
    ("primary", "secondary") as $role
    | [$all[$role] // {} | members] | unique
    | if length == 0 then error("no host is in the group \($role)") else .[] end
    | . as $host
    | $all._meta.hostvars[$host] // {}
    | {($host | plain): ({role: $role, address: (.pair_address // .ansible_host // .ansible_ssh_host // $host)} + way($host))}
  ]
| if (add | length) == length then {product: "alation", hosts: add}
  else error("a host is in both groups, or two hosts have one name: \(map(keys[]) | join(", "))") end

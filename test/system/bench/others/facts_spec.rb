# The facts of docs/bench.md with serverspec, each in its own words, of the host ADDRESS, whose peer is PEER.
require 'serverspec'
require 'net/ssh'

set :backend, :ssh
set :host, ENV.fetch('ADDRESS')
set :ssh_options, Net::SSH::Config.for(ENV.fetch('ADDRESS'), [ENV.fetch('CONFIG')])

top = '/opt/alation/alation'
asked = ['/opt/alation', '/data', '/backup'].map { |path| command("df -P -k #{path}") }
asked += ['nproc', 'grep MemTotal /proc/meminfo', 'uname -r'].map { |words| command(words) }
asked << command("chroot #{top} /bin/su - alation -c 'alation_conf alation.cluster.replication_mode'")

asked.each do |one|
  describe one do
    it { puts one.stdout }
  end
end

files = ['opt/alation/django/main/alation_version.py', '.disk1_cache', '.disk2_cache'].map { |name| "#{top}/#{name}" }
['/etc/os-release', *files].map { |path| file(path) }.each do |one|
  describe one do
    it { puts one.content }
  end
end

peer = host(ENV.fetch('PEER'))
[22, 5432].each do |port|
  describe peer do
    it { puts "port #{port} #{peer.reachable?(port, 'tcp', 3)}" }
  end
end

%w[rsync screen].map { |name| command("command -v #{name}") }.each do |one|
  describe one do
    it { puts one.stdout }
  end
end

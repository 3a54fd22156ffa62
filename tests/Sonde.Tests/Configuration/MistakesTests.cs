using Sonde.Configuration;
using Xunit;

namespace Sonde.Tests.Configuration;

/// <summary>Every kind of mistake is told at its place, in words that mend it.</summary>
public sealed class MistakesTests
{
    [Theory]
    // keys
    [InlineData("targts: [a]", "f:1:1: 'targts' is not known here; did you mean 'targets'?|f:1:1: nothing to measure: write 'targets:' and under it a list of addresses")]
    [InlineData("base_path: /x\ntargets: [a]", "f:1:1: 'base_path' is not known here; did you mean 'basePath'?")]
    [InlineData("interval: 5s\ntargets: [a]", "f:1:1: 'interval' belongs to a target; known here: vantagePoint, timezone, listen, token, hosts, basePath, trustedProxies, tls, storage, retention, metrics, telemetry, remoteWrite, modules, probe, defaults, groups, targets")]
    [InlineData("targets:\n- {address: a, intervall: 5s}", "f:2:16: 'intervall' is not known here; did you mean 'interval'?")]
    [InlineData("targets: [{address: a, zzz: 1}]", "f:1:24: 'zzz' is not known here; known: name, address, id, kind, region, tags, family, interval, packets, timeout, size, ttl, tos, dontFragment, port, tls, dialogue, method, headers, body, basicAuth, bearerToken, followRedirects, httpVersion, proxy, bodyLimit, watchContent, expectStatus, expectHeader, rejectHeader, expectBody, rejectBody, expectJson, expectSize, query, recordType, dnsClass, transport, recursion, expectRcode, expectAnswer, matchAnswer, rejectAnswer, grace, resolvers, token, renamedFrom")]
    [InlineData("targets: [a]\ntargets: [b]", "f:2:1: 'targets' is written twice here; first in line 1")]
    [InlineData("targets: [a]\n? [x, y]\n: 1", "f:2:3: a key must be a word, not a list; put an IPv6 address in brackets in quotes: \"[::1]:443\"")]
    [InlineData("defaults: {name: x}\ntargets: [a]", "f:1:12: 'name' belongs to a target; known here: kind, region, tags, family, interval, packets, timeout, size, ttl, tos, dontFragment, port, tls, dialogue, method, headers, body, basicAuth, bearerToken, followRedirects, httpVersion, proxy, bodyLimit, watchContent, expectStatus, expectHeader, rejectHeader, expectBody, rejectBody, expectJson, expectSize, query, recordType, dnsClass, transport, recursion, expectRcode, expectAnswer, matchAnswer, rejectAnswer, grace")]
    // types
    [InlineData("targets: a", "f:1:10: 'targets' takes a list of targets, not a single value")]
    [InlineData("targets:\n", "f:1:9: 'targets' has no value: leave the key out or give it a list of targets")]
    [InlineData("targets: {}", "f:1:10: 'targets' takes a list of targets, not a mapping")]
    [InlineData("targets: [a, ]\ngroups: []", "f:2:9: 'groups' is an empty list: leave the key out or give it a list of groups")]
    [InlineData("groups: [a]", "f:1:10: a group is a mapping {name, …, targets}, not a single value")]
    [InlineData("groups: [{}]", "f:1:10: 'name' is missing here|f:1:10: 'targets' is missing here")]
    [InlineData("targets: [{address: a, packets: [1]}]", "f:1:33: 'packets' takes a whole number from 1 to 100, not a list")]
    [InlineData("targets: [{address: a, packets: 1.5}]", "f:1:33: 'packets' takes a whole number from 1 to 100, not '1.5'")]
    [InlineData("targets: [{address: a, packets: }]", "f:1:33: 'packets' has no value: leave the key out or give it a whole number from 1 to 100")]
    [InlineData("targets: [{address: a, dontFragment: yes}]", "f:1:38: 'dontFragment' takes true or false, not 'yes'")]
    [InlineData("targets: [{address: a, family: 5}]", "f:1:32: 'family' takes auto or 4 or 6 or both, not '5'")]
    [InlineData("targets: [{address: a, kind: ping}]", "f:1:30: 'kind' takes icmp or tcp or http or dns or push, not 'ping'")]
    [InlineData("targets: [{address: a, tags: [x, x]}]", "f:1:34: the tag 'x' is written twice")]
    [InlineData("targets: [{address: a, tags: 'x,y'}]", "f:1:30: a tag has no commas: write several as a list [one, two]")]
    [InlineData("targets: [{address: a, tags: []}]", "f:1:30: 'tags' is an empty list: leave the key out or give it a list of texts")]
    [InlineData("- a\n- b", "f:1:1: a configuration begins with keys such as 'targets:', not with a list")]
    [InlineData("hello", "f:1:1: a configuration begins with keys such as 'targets:', not with a single value")]
    // ranges
    [InlineData("targets: [{address: a, interval: 50ms}]", "f:1:34: 'interval' takes a duration from 100ms to 1d (as 250ms, 1.5s, 5m, 1h; a bare number is seconds), not '50ms'")]
    [InlineData("targets: [{address: a, interval: 2d}]", "f:1:34: 'interval' takes a duration from 100ms to 1d (as 250ms, 1.5s, 5m, 1h; a bare number is seconds), not '2d'")]
    [InlineData("targets: [{address: a, timeout: 61s}]", "f:1:33: 'timeout' takes a duration from 10ms to 1m (as 250ms, 1.5s, 5m, 1h; a bare number is seconds), not '61s'")]
    [InlineData("targets: [{address: a, size: 15}]", "f:1:30: 'size' takes a whole number from 16 to 65000, not '15'")]
    [InlineData("targets: [{address: a, ttl: 0}]", "f:1:29: 'ttl' takes a whole number from 1 to 255, not '0'")]
    [InlineData("targets: [{address: a, tos: -1}]", "f:1:29: 'tos' takes a whole number from 0 to 255, not '-1'")]
    [InlineData("targets: [{address: a, packets: 99999999999999999999}]", "f:1:33: 'packets' takes a whole number from 1 to 100, not '99999999999999999999'")]
    // targets
    [InlineData("targets: ['']", "f:1:11: 'address' takes 1 to 2000 characters on one line")]
    [InlineData("targets: [~]", "f:1:11: a target is missing here: write its address")]
    [InlineData("targets: [[::1]:80]", "f:1:10: 'address' is missing here|f:1:11: a key must be a word, not a list; put an IPv6 address in brackets in quotes: \"[::1]:443\"")]
    [InlineData("targets: [[a]]", "f:1:11: a target is an address or a mapping; put an IPv6 address in brackets in quotes: \"[::1]:443\"")]
    [InlineData("targets:\n- [::1]:80", "f:2:9: an IPv6 address in brackets must be put in quotes: \"[2001:db8::1]:443\"")]
    [InlineData("targets: ['ftp://example.com']", "f:1:11: 'ftp://example.com' is no address that is measured: wanted host, host:port, https://…, http://… or dns://resolver/name")]
    [InlineData("targets: [256.1.1.1]", "f:1:11: '256.1.1.1' is not an IPv4 address: four numbers of 0 to 255 without leading zeros")]
    [InlineData("targets:\n- example.com: 8585", "f:2:16: '8585' is not an address; to name a port write host:port without a space")]
    [InlineData("targets: ['example.com:99999']", "f:1:11: 'example.com:99999' has a port that is not 1 to 65535")]
    [InlineData("targets:\n- addres: 192.0.2.1", "f:2:3: 'addres' is not known here; did you mean 'address'?")]
    [InlineData("targets:\n- Channel 1: [a]", "f:2:14: 'Channel 1' takes an address here, not a list; a target with more than an address is written {name: …, address: …}")]
    [InlineData("targets: [{name: x}]", "f:1:11: 'address' is missing here")]
    [InlineData("targets: [{address: a, kind: tcp}]", "f:1:21: a tcp check needs a port: write the address as host:port, or add 'port'")]
    [InlineData("targets: [{address: a, kind: icmp, port: 5}]", "f:1:36: 'port' and 'kind: icmp' contradict each other: icmp has no ports")]
    [InlineData("targets: [{address: 'a:5', kind: icmp}]", "f:1:21: the address has a port, and 'kind: icmp' has none: leave one of them out")]
    [InlineData("targets: [{address: 'a:5', port: 6}]", "f:1:34: the address has another port: leave one of them out")]
    [InlineData("targets: [{address: a, tls: true}]", "f:1:24: 'tls' is for tcp and http and dns checks, and this one is icmp: give the target a port")]
    [InlineData("targets: [{address: 'a:5', ttl: 6}]", "f:1:28: 'ttl' is for icmp checks, and this one is tcp")]
    [InlineData("targets: [{address: 192.0.2.1, family: 6}]", "f:1:21: this is an IPv4 address, and 'family: 6' holds for it")]
    [InlineData("targets: [{address: '::1', family: both}]", "f:1:21: an IP address has one family: 'both' needs a host name")]
    [InlineData("targets: [{address: a, id: A B}]", "f:1:28: 'id' takes 1 to 64 of a-z 0-9 - . _, beginning with a letter or digit, not 'A B'")]
    // names and ids
    [InlineData("targets: [a, b, a]", "f:1:17: the icmp target 'a' is written twice; first at line 1, column 11")]
    [InlineData("targets:\n- Office: a\n- office: b", "f:3:3: 'office' would get the same id as 'Office' at line 2, column 3: give one of them an 'id:' of its own")]
    [InlineData("groups:\n- {name: g, targets: [Office: a]}\n- {name: h, targets: [Office: b]}", "f:3:23: 'Office' would get the same id as 'Office' at line 2, column 23: give one of them an 'id:' of its own")]
    [InlineData("targets:\n- {name: one, address: a, id: x}\n- {name: two, address: b, id: x}", "f:3:31: the id of 'two' is also that of 'one' at line 2, column 10")]
    [InlineData("groups:\n- {name: g, targets: [a]}\n- {name: g, targets: [b]}", "f:3:10: the group 'g' is written twice; first in line 2")]
    [InlineData("targets: [{address: a, renamedFrom: icmp-a}]", "f:1:37: 'renamedFrom' is the id that the check still has")]
    [InlineData("targets: [b, {address: a, renamedFrom: icmp-b}]", "f:1:40: 'renamedFrom' is still the id of 'b' at line 1, column 11")]
    [InlineData("targets: [{address: a, renamedFrom: x}, {address: b, renamedFrom: x}]", "f:1:67: 'a' at line 1, column 21 takes over the same history")]
    // dialogue
    [InlineData("targets: [{address: 'a:1', dialogue: [{expect: '(a'}]}]", "f:1:48: the regular expression is wrong at its character 2: insufficient closing parentheses")]
    [InlineData("targets: [{address: 'a:1', dialogue: [{expect: '(?=a)'}]}]", "f:1:48: the regular expression looks ahead, looks back, refers back or repeats too much; these could hang a check and are not used here")]
    [InlineData("targets: [{address: 'a:1', dialogue: [{expect: '((a{1000}){1000}){1000}'}]}]", "f:1:48: the regular expression looks ahead, looks back, refers back or repeats too much; these could hang a check and are not used here")]
    [InlineData("targets: [{address: 'a:1', dialogue: [{}]}]", "f:1:39: a step is a mapping of expect, send and starttls, not a mapping")]
    [InlineData("targets: [{address: 'a:1', dialogue: [{starttls: false}]}]", "f:1:39: this step does nothing: it wants 'expect', 'send' or 'starttls: true'")]
    [InlineData("targets: [{address: 'a:1', dialogue: [{starttls: yes}]}]", "f:1:50: 'starttls' takes true or false, not 'yes'")]
    [InlineData("targets: [{address: 'a:1', dialogue: [{starttls: true}, {starttls: true}]}]", "f:1:57: TLS began in a step before this one")]
    [InlineData("targets: [{address: 'a:1', dialogue: [{send: \"a\\nb\"}]}]", "f:1:46: 'send' takes 1 to 1000 characters on one line")]
    [InlineData("targets: [{address: 'a:1', tls: maybe}]", "f:1:33: 'tls' takes true, false or a mapping {verify, serverName, …}, not 'maybe'")]
    // the process
    [InlineData("listen: 8989\ntargets: [a]", "f:1:9: '8989' is no listen address: " + ListenAddress.Wanted)]
    [InlineData("listen: 0.0.0.0:8989\ntargets: [a]", "f:1:9: listening on 0.0.0.0:8989 is open to other machines and needs a token: make one with 'openssl rand -hex 24 > token' and write 'token: {file: token}' into sonde.yaml")]
    [InlineData("timezone: Europe/Berlim\ntargets: [a]", "f:1:11: 'timezone' takes a zone of the IANA list that this machine knows, as Europe/Berlin or UTC, not 'Europe/Berlim'")]
    [InlineData("timezone: ../../etc/passwd\ntargets: [a]", "f:1:11: 'timezone' takes a zone of the IANA list that this machine knows, as Europe/Berlin or UTC, not '../../etc/passwd'")]
    [InlineData("basePath: sonde\ntargets: [a]", "f:1:11: 'basePath' takes a path that begins with a slash, as /sonde, of letters, digits and - . _ ~")]
    [InlineData("trustedProxies: [0.0.0.0/0]\ntargets: [a]", "f:1:18: '0.0.0.0/0' is not the IP address of a proxy, nor a network as 10.1.0.0/16 whose bits behind the prefix are 0; the whole internet is none")]
    [InlineData("hosts: ['https://a']\ntargets: [a]", "f:1:9: 'https://a' is not a host name: write it without scheme, port and *")]
    [InlineData("tls: {cert: c}\ntargets: [a]", "f:1:6: 'key' is missing here")]
    // YAML
    [InlineData("targets:\n\t- a", "f:2:1: a tab stands in the indentation; YAML wants spaces there")]
    [InlineData("targets:\n  - a\n \t- b\n\t- c", "f:3:2: a tab stands in the indentation; YAML wants spaces there|f:4:1: a tab stands in the indentation; YAML wants spaces there")]
    [InlineData("targets: ['a", "f:1:11: the quotation mark that opens here is never closed")]
    [InlineData("targets: [a, b\n", "f:1:10: the list that [ opens here is never closed")]
    [InlineData("targets: [", "f:1:10: the list that [ opens here is never closed")]
    [InlineData("targets: [a, # and b\n\n", "f:1:10: the list that [ opens here is never closed")]
    [InlineData("targets:\n- [a", "f:2:3: the list that [ opens here is never closed")]
    [InlineData("targets: [{address: ", "f:1:11: the mapping that { opens here is never closed")]
    [InlineData("defaults: {interval: 1s\n", "f:1:11: the mapping that { opens here is never closed")]
    [InlineData("targets:\n- [a,\n b\n- c\n", "f:4:1: a [ or { before this lacks a comma or its end")]
    [InlineData("targets: [a b: {c: d}\ntimezone: UTC", "f:2:1: the list that [ opened lacks a comma or its ]")]
    [InlineData("targets: [{address: a]", "f:1:22: the mapping that { opened lacks a comma or its }")]
    [InlineData("vantagePoint: b: c", "f:1:16: this ':' may not stand here: put the value in quotes if it holds ': ', or mend the indentation")]
    [InlineData("targets: - a", "f:1:10: a list cannot begin on the line of its key: put '- ' on the next line")]
    [InlineData("targets: [a]\n---\ntargets: [b]", "f:2:1: a second document begins here; a file holds one")]
    [InlineData("targets: *x", "f:1:10: this alias (*) names no anchor (&) above it; put the value in quotes if it is a text")]
    [InlineData("targets: &x [*x]", "f:1:14: this alias (*) stands inside the value that it names")]
    [InlineData("targets: !secret x", "f:1:10: tags (words that begin with !) are not used here; secrets come by ${NAME} or {file: path}|f:1:10: 'targets' takes a list of targets, not a single value")]
    [InlineData("targets: [a]\nhosts: \"\\UFFFFFFFF\"", "f:2:19: \\x, \\u and \\U in double quotes want 2, 4 and 8 hexadecimal digits")]
    [InlineData("targets:\n  : a\nhosts: b", "f:2:4: a key or value is missing behind this")]
    [InlineData("targets: [a]\0", "f:1:13: the invisible character U+0000 may not stand in this file")]
    [InlineData("# only a comment\n", "f: is empty: write 'targets:' and under it a list of addresses")]
    [InlineData("", "f: is empty: write 'targets:' and under it a list of addresses")]
    public void A_mistake_is_told_at_its_place(string text, string messages) =>
        Assert.Equal(messages.Split('|'), Reading.Messages(text));

    [Fact]
    public void All_mistakes_are_told_at_once_in_the_order_of_the_file()
    {
        var messages = Reading.Messages("""
            listen: nowhere
            defaults: {interval: 1ms, packtes: 5}
            groups:
              - name: g
                targets: [a, a, 1.2.3]
            targets:
              - {address: b, size: 1, ttl: x}
            timezon: UTC
            """);

        Assert.Equal(
            ["f:1:9:", "f:2:22:", "f:2:27:", "f:5:18:", "f:5:21:", "f:7:24:", "f:7:32:", "f:8:1:"],
            messages.Select(message => message[..(message.IndexOf(": ", StringComparison.Ordinal) + 1)]));
    }

    [Fact]
    public void A_flood_of_mistakes_is_cut_and_the_rest_counted()
    {
        var messages = Reading.Messages("targets:\n" + string.Concat(Enumerable.Repeat("- 1.2.3\n", 3000)));

        Assert.Equal(1001, messages.Length);
        Assert.Equal("f: 2000 more problems are not shown; mend these first", messages[^1]);
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sonde.Measurement.Dns;

/// <summary>
/// A domain name: at most 255 bytes on the wire, labels of 1 to 63 bytes of any value (RFC 1035 section 2.3.4).
/// </summary>
/// <remarks>
/// Two names are the same whatever the case of their ASCII letters (RFC 4343). The text form is the one of zone files,
/// with the last dot: bytes that do not print are <c>\DDD</c>, and <c>. ' @ ; ( ) " \</c> and the blank have a
/// backslash before them.
/// </remarks>
public sealed class DnsName : IEquatable<DnsName>
{
    /// <summary>The longest name, with the length bytes and the root.</summary>
    public const int MaximumLength = 255;

    private const int MaximumLabel = 63;
    private readonly byte[] _wire;

    private DnsName(byte[] wire) => _wire = wire;

    /// <summary>The root of all names.</summary>
    public static DnsName Root { get; } = new([0]);

    /// <summary>The labels, each after its length, and a zero byte at the end; never compressed.</summary>
    internal ReadOnlySpan<byte> Wire => _wire;

    /// <summary>Reads a name as people write it; the last dot may be missing.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out DnsName? name)
    {
        name = null;
        if (string.IsNullOrEmpty(text) || text.Length > 4 * MaximumLength)
        {
            return false;
        }
        if (text == ".")
        {
            name = Root;
            return true;
        }
        var reader = new LabelReader(Encoding.UTF8.GetBytes(text));
        List<byte> wire = new(text.Length + 2);
        while (!reader.IsAtEnd)
        {
            var start = wire.Count;
            wire.Add(0);
            if (!reader.TryReadLabel(wire) || wire.Count - start - 1 is < 1 or > MaximumLabel)
            {
                return false;
            }
            wire[start] = (byte)(wire.Count - start - 1);
        }
        wire.Add(0);
        name = wire.Count <= MaximumLength ? new DnsName([.. wire]) : null;
        return name is not null;
    }

    /// <summary>
    /// The name under which the name of an address is kept (RFC 1035 section 3.5, RFC 3596 section 2.5): what a query
    /// of type PTR asks for.
    /// </summary>
    public static DnsName ForAddress(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        StringBuilder text = new();
        for (var index = bytes.Length - 1; index >= 0; index--)
        {
            if (address.AddressFamily == AddressFamily.InterNetwork)
            {
                text.Append(bytes[index]).Append('.');
            }
            else
            {
                const string digits = "0123456789abcdef";
                text.Append(digits[bytes[index] & 15]).Append('.').Append(digits[bytes[index] >> 4]).Append('.');
            }
        }
        text.Append(address.AddressFamily == AddressFamily.InterNetwork ? "in-addr.arpa" : "ip6.arpa");
        return TryParse(text.ToString(), out var name) ? name : throw new ArgumentException("not an address");
    }

    /// <summary>Reads the name at <paramref name="offset"/> of a message, and moves behind it.</summary>
    /// <remarks>
    /// A pointer must lead backwards, before the place where the name or the last pointer's target began: so no name
    /// can loop (RFC 1035 section 4.1.4).
    /// </remarks>
    internal static bool TryRead(ReadOnlySpan<byte> message, ref int offset, [NotNullWhen(true)] out DnsName? name)
    {
        name = null;
        Span<byte> wire = stackalloc byte[MaximumLength];
        var (length, at, behind, limit) = (0, offset, -1, offset);
        while (at < message.Length)
        {
            var head = message[at];
            if (head >= 0xC0)
            {
                if (at + 1 >= message.Length)
                {
                    return false;
                }
                var target = ((head & 0x3F) << 8) | message[at + 1];
                if (target >= limit)
                {
                    return false;
                }
                behind = behind < 0 ? at + 2 : behind;
                (at, limit) = (target, target);
                continue;
            }
            if (head > MaximumLabel || at + 1 + head > message.Length || length + 1 + head > MaximumLength)
            {
                return false;
            }
            message.Slice(at, 1 + head).CopyTo(wire[length..]);
            length += 1 + head;
            at += 1 + head;
            if (head == 0)
            {
                offset = behind < 0 ? at : behind;
                name = new DnsName(wire[..length].ToArray());
                return true;
            }
        }
        return false;
    }

    /// <inheritdoc/>
    public bool Equals(DnsName? other) => other is not null && Ascii.EqualsIgnoreCase(_wire, other._wire);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DnsName);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (var value in _wire)
        {
            hash.Add(value is >= (byte)'A' and <= (byte)'Z' ? value + 32 : value);
        }
        return hash.ToHashCode();
    }

    /// <summary>For example <c>www.example.org.</c></summary>
    public override string ToString()
    {
        if (_wire.Length == 1)
        {
            return ".";
        }
        StringBuilder text = new(_wire.Length + 8);
        for (var at = 0; _wire[at] != 0; at += 1 + _wire[at])
        {
            DnsText.AppendEscaped(text, _wire.AsSpan(at + 1, _wire[at]), @". '@;()""\");
            text.Append('.');
        }
        return text.ToString();
    }

    /// <summary>Takes labels off a name's text.</summary>
    private ref struct LabelReader(ReadOnlySpan<byte> text)
    {
        private ReadOnlySpan<byte> _rest = text;

        public readonly bool IsAtEnd => _rest.IsEmpty;

        /// <summary>Adds the bytes up to the next dot, without their escapes.</summary>
        /// <returns>False for a broken escape.</returns>
        public bool TryReadLabel(List<byte> wire)
        {
            while (!_rest.IsEmpty)
            {
                var value = _rest[0];
                _rest = _rest[1..];
                if (value == '.')
                {
                    return true;
                }
                if (value == '\\' && !TryReadEscape(out value))
                {
                    return false;
                }
                wire.Add(value);
            }
            return true;
        }

        private bool TryReadEscape(out byte value)
        {
            value = _rest.IsEmpty ? (byte)0 : _rest[0];
            if (_rest.IsEmpty)
            {
                return false;
            }
            if (!char.IsAsciiDigit((char)value))
            {
                _rest = _rest[1..];
                return true;
            }
            if (_rest.Length < 3 || !byte.TryParse(_rest[..3], System.Globalization.NumberStyles.None, null, out value))
            {
                return false;
            }
            _rest = _rest[3..];
            return true;
        }
    }
}

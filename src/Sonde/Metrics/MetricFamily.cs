using System.Text;

namespace Sonde.Metrics;

/// <summary>What a metric's number is.</summary>
internal enum MetricType : byte
{
    /// <summary>Only grows while the process lives.</summary>
    Counter = 0,

    /// <summary>A value of now.</summary>
    Gauge = 1,

    /// <summary>Counts of values by their size.</summary>
    Histogram = 2,
}

/// <summary>A metric: all its samples have one name, type and meaning.</summary>
internal sealed class MetricFamily
{
    /// <param name="name">Its name, in base units; a counter's ends in <c>_total</c>.</param>
    /// <param name="type">What its numbers are.</param>
    /// <param name="help">What it means, in a sentence without its full stop.</param>
    public MetricFamily(string name, MetricType type, string help)
    {
        (Name, Type, Help) = (name, type, help);
        NameText = Encoding.UTF8.GetBytes(name);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its name in UTF-8.</summary>
    public byte[] NameText { get; }

    /// <summary>What its numbers are.</summary>
    public MetricType Type { get; }

    /// <summary>What it means.</summary>
    public string Help { get; }
}

/// <summary>A metric and how it is read off a <typeparamref name="T"/>.</summary>
/// <param name="Family">The metric.</param>
/// <param name="Write">Writes what the metric has to say of one; nothing where it does not apply.</param>
internal sealed record FamilyOf<T>(MetricFamily Family, Action<IFormatWriter, T> Write)
{
    /// <summary>A counter.</summary>
    public static FamilyOf<T> Counter(string name, string help, Action<IFormatWriter, T> write) =>
        new(new MetricFamily(name, MetricType.Counter, help), write);

    /// <summary>A gauge.</summary>
    public static FamilyOf<T> Gauge(string name, string help, Action<IFormatWriter, T> write) =>
        new(new MetricFamily(name, MetricType.Gauge, help), write);

    /// <summary>A histogram.</summary>
    public static FamilyOf<T> Histogram(string name, string help, Action<IFormatWriter, T> write) =>
        new(new MetricFamily(name, MetricType.Histogram, help), write);

    /// <summary>Writes the whole metric of one.</summary>
    public void WriteAll(IFormatWriter writer, T of)
    {
        writer.Begin(Family);
        Write(writer, of);
        writer.End();
    }
}

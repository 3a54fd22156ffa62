using System.IO.Pipelines;

namespace Sonde.Metrics;

/// <summary>Writes all metrics to a caller, in pieces, so that a large answer needs little memory.</summary>
internal sealed class Scrape(TargetReader targets, IEnumerable<IMetricSource> sources, Func<MetricsSettings> settings)
{
    /// <summary>How much is gathered before it is sent on.</summary>
    private const int PieceBytes = 64 * 1024;

    /// <summary>Writes everything in the format.</summary>
    public async Task WriteAsync(PipeWriter output, ScrapeFormat format, CancellationToken cancellationToken)
    {
        var (histograms, smokeping) = settings();
        var isProtobuf = format == ScrapeFormat.Protobuf;
        using var protobuf = isProtobuf ? new ProtobufFormatWriter(output, histograms) : null;
        IFormatWriter writer = protobuf is not null ? protobuf
            : new TextFormatWriter(output, format == ScrapeFormat.OpenMetrics, histograms);
        foreach (var source in sources)
        {
            source.WriteTo(writer);
        }
        var readings = targets.Read(smokeping, withExponential: isProtobuf && histograms);
        var pieces = new Pieces(output, writer);
        await pieces.WriteAsync(TargetFamilies.OfChecks, readings.Checks, cancellationToken);
        await pieces.WriteAsync(TargetFamilies.OfRoundTrips, readings.RoundTrips, cancellationToken);
        await pieces.WriteAsync(TargetFamilies.OfPhases, readings.Phases, cancellationToken);
        await pieces.WriteAsync(TargetFamilies.OfCertificates, readings.Certificates, cancellationToken);
        var asSmokeping = readings.RoundTrips.FindAll(series => series.Smokeping is not null);
        await pieces.WriteAsync(SmokepingFamilies.OfRoundTrips, asSmokeping, cancellationToken);
        writer.Complete();
        await output.FlushAsync(cancellationToken);
    }

    /// <summary>Writes families one after the other and sends on what has gathered.</summary>
    private sealed class Pieces(PipeWriter output, IFormatWriter writer)
    {
        private long _sent;

        public async ValueTask WriteAsync<T>(FamilyOf<T>[] families, List<T> all, CancellationToken cancellationToken)
        {
            foreach (var family in families)
            {
                writer.Begin(family.Family);
                foreach (var one in all)
                {
                    family.Write(writer, one);
                    if (writer.Written - _sent >= PieceBytes)
                    {
                        _sent = writer.Written;
                        await output.FlushAsync(cancellationToken);
                    }
                }
                writer.End();
            }
        }
    }
}

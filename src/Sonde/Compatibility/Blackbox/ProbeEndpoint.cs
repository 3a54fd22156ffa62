using System.Buffers;
using System.Text;
using Sonde.Configuration;
using Sonde.Measurement;
using Sonde.Metrics;
using Sonde.Probing;

namespace Sonde.Compatibility.Blackbox;

/// <summary>Answers <c>/probe</c>.</summary>
internal sealed class ProbeEndpoint(ModuleProbe probe, Func<SondeConfiguration> configuration)
{
    private const string PlainText = "text/plain; charset=utf-8";

    /// <summary>Measures what the request asks for and answers with its metrics.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (ProbeRequest.Read(context.Request, configuration().Modules, out var problem) is not { } request)
        {
            await SayAsync(context, StatusCodes.Status400BadRequest, problem!);
            return;
        }
        ProbeOutcome? outcome;
        try
        {
            outcome = await probe.RunAsync(request, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            context.Abort();   // the caller has gone, or the program ends
            return;
        }
        if (request.IsDebug && outcome is not null)
        {
            await SayAsync(context, StatusCodes.Status200OK, ProbeReport.Write(request, outcome));
        }
        else if (outcome is not { Void: NotSentReason.None })
        {
            await SayAsync(context, StatusCodes.Status503ServiceUnavailable, outcome is null
                ? "Too many probes are under way"
                : $"Not measured: {NotSentWords.For(outcome.Void)}");
        }
        else
        {
            await AnswerAsync(context, outcome);
        }
    }

    /// <summary>The metrics of a probe as text.</summary>
    public static string ToText(ProbeOutcome outcome)
    {
        ArrayBufferWriter<byte> text = new();
        Write(text, outcome, isOpenMetrics: false);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    private static async Task AnswerAsync(HttpContext context, ProbeOutcome outcome)
    {
        var isOpenMetrics = ScrapeFormats.Choose(context.Request.Headers.Accept) == ScrapeFormat.OpenMetrics;
        context.Response.ContentType =
            ScrapeFormats.ContentTypeOf(isOpenMetrics ? ScrapeFormat.OpenMetrics : ScrapeFormat.Text);
        Write(context.Response.BodyWriter, outcome, isOpenMetrics);
        _ = await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private static void Write(IBufferWriter<byte> output, ProbeOutcome outcome, bool isOpenMetrics)
    {
        TextFormatWriter writer = new(output, isOpenMetrics, withBuckets: false);
        foreach (var family in ProbeFamilies.All)
        {
            family.WriteAll(writer, outcome);
        }
        writer.Complete();
    }

    private static Task SayAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = PlainText;
        return context.Response.WriteAsync(text + "\n", context.RequestAborted);
    }
}

using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Sonde.Samples;
using Sonde.Targets;

namespace Sonde.Charts.Queries;

/// <summary>Finds the series of the targets that a request names, or that pass its filters.</summary>
internal sealed class TargetSeries(LiveChecks checks, SeriesIndex index)
{
    /// <summary>All configured targets.</summary>
    private const string All = "all";

    /// <summary>
    /// The series of a target, configured or not any more; or the answer that says why there are none.
    /// </summary>
    /// <param name="target">The target.</param>
    /// <param name="quantity">The quantity's word; null = all.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public async ValueTask<FoundSeries> FindAsync(
        CheckId target, string? quantity, CancellationToken cancellationToken)
    {
        var stored = await index.FindAsync(target, cancellationToken);
        if (stored.Count == 0 && checks.FindCheck(target) is null)
        {
            return new([], TypedResults.Problem(
                $"No target {target} is configured, and the store has no samples of one.", statusCode: 404));
        }
        var series = stored.Where(key => quantity is null || key.Quantity.Name == quantity).ToList();
        if (series.Count > 0 || quantity is null || quantity == Quantity.Rtt.Name)
        {
            return new(series, Refusal: null);
        }
        var known = stored.Select(key => key.Quantity.Name).Prepend(Quantity.Rtt.Name).Distinct();
        return new([], Invalid.Parameter(
            "quantity", $"must be one that the target has: {string.Join(", ", known)}"));
    }

    /// <summary>The series of targets that the store has, in the order of the targets.</summary>
    public async ValueTask<IReadOnlyList<SeriesKey>> FindAllAsync(
        IReadOnlyList<CheckId> targets, string? quantity, CancellationToken cancellationToken)
    {
        var stored = await index.ReadAsync(cancellationToken);
        var found = new List<SeriesKey>(targets.Count);
        foreach (var target in targets)
        {
            found.AddRange(stored.GetValueOrDefault(target, [])
                .Where(key => quantity is null || key.Quantity.Name == quantity));
        }
        return found;
    }

    /// <summary>
    /// The ids in the order of the request, or of the configuration; what is wrong is added to the problems. Named ones
    /// need not exist; filters let only configured ones pass.
    /// </summary>
    public IReadOnlyList<CheckId> Select(TargetParameters parameters, ParameterProblems problems)
    {
        if (parameters.Targets is { } text and not All)
        {
            var named = Read(text, problems);
            return parameters.HasFilter ? [.. named.Where(id => Passes(checks.FindCheck(id), parameters))] : named;
        }
        problems.Unless(
            parameters.Targets is not null || parameters.HasFilter, "targets",
            "must be ids separated by commas, or all; or name a group, region, tag or kind");
        return [.. checks.Checks.Where(check => Passes(check, parameters)).Select(check => check.Id)];
    }

    /// <summary>A 400 that says how many series are too many.</summary>
    public static ValidationProblem TooMany(int count, int most) => Invalid.Parameter(
        "targets", $"have {count} series; an answer takes {most}: name fewer, or a group, region, tag or kind");

    private static List<CheckId> Read(string text, ParameterProblems problems)
    {
        var ids = new List<CheckId>();
        var known = new HashSet<CheckId>();
        foreach (var word in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!CheckId.TryParse(word, CultureInfo.InvariantCulture, out var id))
            {
                problems.Unless(isRight: false, "targets", "must be ids separated by commas, or all");
                return [];
            }
            if (known.Add(id))
            {
                ids.Add(id);
            }
        }
        problems.Unless(ids.Count > 0, "targets", "must name a target, or be all");
        return ids;
    }

    private static bool Passes(Check? check, TargetParameters parameters) =>
        check is not null
        && (parameters.Group is not { } group || check.Group == group)
        && (parameters.Region is not { } region || check.Region == region)
        && (parameters.Tag is not { } tag || check.Tags.Contains(tag))
        && (parameters.Kind is not { } kind || check.Kind.ToWord() == kind);
}

/// <summary>What was found of a target.</summary>
/// <param name="Series">Its series; may be empty.</param>
/// <param name="Refusal">Why there is nothing to tell; null = there may be.</param>
internal sealed record FoundSeries(IReadOnlyList<SeriesKey> Series, IResult? Refusal);

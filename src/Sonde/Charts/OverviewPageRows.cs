using Sonde.Samples;

namespace Sonde.Charts;

/// <summary>The rows of one page of the overview, in groups.</summary>
/// <param name="By">How they are grouped.</param>
/// <param name="Groups">The groups, in the order of the configuration.</param>
/// <param name="Matching">How many targets pass the filter.</param>
/// <param name="Page">Which page, from 1.</param>
/// <param name="Pages">How many pages there are, at least 1.</param>
internal sealed record OverviewPageRows(
    string By, IReadOnlyList<OverviewGroup> Groups, int Matching, int Page, int Pages)
{
    /// <summary>Rows on a page: more are slow to lay out and read by nobody.</summary>
    public const int RowsOnPage = 500;

    /// <summary>Filters, groups, and cuts out the page.</summary>
    public static OverviewPageRows Of(Overview overview, OverviewQuery query)
    {
        var by = query.By is not null && OverviewQuery.Groupings.Contains(query.By) ? query.By : Choose(overview);
        var matching = overview.Entries.Where(entry => query.Filter.Passes(entry.Row)).ToList();
        var groups = matching.SelectMany(entry => KeysOf(entry.Row, by).Select(key => (key, entry)))
            .GroupBy(pair => pair.key, pair => pair.entry).ToList();
        var rows = groups.Sum(group => group.Count());
        var pages = Math.Max(1, (rows + RowsOnPage - 1) / RowsOnPage);
        var page = Math.Clamp(query.Page, 1, pages);
        return new OverviewPageRows(by, Cut(groups, (page - 1) * RowsOnPage), matching.Count, page, pages);
    }

    private static string Choose(Overview overview) =>
        overview.Entries.Any(entry => entry.Row.Group is not null) ? "group"
        : overview.Entries.Any(entry => entry.Row.Region is not null) ? "region"
        : "none";

    private static IEnumerable<string?> KeysOf(TargetRow row, string by) => by switch
    {
        "group" => (IEnumerable<string?>)[row.Group],
        "region" => [row.Region],
        "tag" when row.Tags.Count > 0 => row.Tags,
        _ => [null],
    };

    private static List<OverviewGroup> Cut(List<IGrouping<string?, OverviewEntry>> groups, int skip)
    {
        var cut = new List<OverviewGroup>();
        var left = RowsOnPage;
        foreach (var group in groups)
        {
            var rows = group.Skip(skip).Take(left).ToList();
            skip = Math.Max(0, skip - group.Count());
            left -= rows.Count;
            if (rows.Count > 0)
            {
                var members = group.ToList();
                cut.Add(new OverviewGroup(
                    group.Key, rows, members.Count,
                    GroupView.Of(group.Key ?? "", members.ConvertAll(entry => entry.View))));
            }
        }
        return cut;
    }
}

/// <summary>A group of the overview.</summary>
/// <param name="Name">Its name; null for those that belong to none.</param>
/// <param name="Rows">Its rows on this page.</param>
/// <param name="Members">How many it has on all pages.</param>
/// <param name="Summary">The members taken together.</param>
internal sealed record OverviewGroup(string? Name, IReadOnlyList<OverviewEntry> Rows, int Members, GroupView Summary);

using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace Sonde.Charts;

/// <summary>What the overview's address asks for; makes the addresses of its links.</summary>
/// <param name="By"><c>group</c>, <c>region</c>, <c>tag</c> or <c>none</c>; null = the page chooses.</param>
/// <param name="Filter">Which targets.</param>
/// <param name="Page">Which page of rows, from 1.</param>
internal sealed record OverviewQuery(string? By, TargetFilter Filter, int Page)
{
    /// <summary>The ways to group.</summary>
    public static readonly string[] Groupings = ["group", "region", "tag", "none"];

    /// <summary>The address relative to the page's base.</summary>
    public string Address
    {
        get
        {
            var query = new Dictionary<string, string?>
            {
                ["by"] = By,
                ["q"] = Filter.Text,
                ["state"] = Filter.State,
                ["tag"] = Filter.Tag,
                ["region"] = Filter.Region,
                ["kind"] = Filter.Kind,
                ["page"] = Page > 1 ? Page.ToString(CultureInfo.InvariantCulture) : null,
            };
            return QueryHelpers.AddQueryString("", query.Where(pair => pair.Value is not null));
        }
    }
}

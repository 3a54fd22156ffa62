namespace Sonde.Configuration;

/// <summary>Reads the URL of somebody whom we send something to.</summary>
internal static class UrlText
{
    private const int Longest = 2000;

    /// <summary>The URL of a key that must be there; null after a problem was noted, which never repeats the URL: a
    /// path or a query may hold a secret.</summary>
    /// <param name="settings">The mapping.</param>
    /// <param name="key">The key.</param>
    /// <param name="example">How one looks, for the message.</param>
    public static Uri? Read(Settings settings, string key, string example)
    {
        settings.Require(key);
        if (settings.Text(key, Longest, $"a URL as {example}") is not { } text)
        {
            return null;
        }
        var isUrl = Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            && url.Host.Length > 0 && url.Fragment.Length == 0;
        if (!isUrl)
        {
            settings.Problems.Add(settings.PlaceOf(key), $"'{key}' takes a URL of http or https, as {example}");
            return null;
        }
        if (url!.UserInfo.Length > 0)
        {
            settings.Problems.Add(settings.PlaceOf(key), $"'{key}' takes a URL without a user and a password: give "
                + "them as a header or by 'basicAuth', from a variable or a file");
            return null;
        }
        return url;
    }

    /// <summary>Whom the URL names, for the log: without its query, which may hold a secret.</summary>
    public static string WithoutQuery(Uri url) => url.GetLeftPart(UriPartial.Path);
}

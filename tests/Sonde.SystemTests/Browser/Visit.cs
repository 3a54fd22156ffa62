using System.Collections.Concurrent;
using Microsoft.Playwright;
using Sonde.Tests;
using Xunit;

namespace Sonde.SystemTests.Browser;

/// <summary>A visitor's browser: remembers every request and every complaint of its console.</summary>
internal sealed class Visit : IAsyncDisposable
{
    private readonly RunningSite _site;
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _complaints = [];
    private readonly ConcurrentQueue<string> _requests = [];

    private Visit(RunningSite site, IBrowserContext context)
    {
        _site = site;
        _context = context;
        context.SetDefaultTimeout(20_000);
        context.Request += (_, request) => _requests.Enqueue(request.Url);
        context.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Enqueue(message.Text);
            }
        };
        context.WebError += (_, error) => _complaints.Enqueue(error.Error);
    }

    public IEnumerable<string> Requests => _requests;

    public static async Task<Visit> StartAsync(Chromium chromium, RunningSite site,
        BrowserNewContextOptions? options = null)
    {
        options ??= new BrowserNewContextOptions();
        options.BaseURL = site.Address.ToString();
        options.TimezoneId = "UTC";
        options.Locale = "en-GB";
        return new Visit(site, await chromium.Browser.NewContextAsync(options));
    }

    public async Task<IPage> OpenAsync(string path)
    {
        var page = await _context.NewPageAsync();
        await page.GotoAsync(path, new PageGotoOptions { WaitUntil = WaitUntilState.Load });
        return page;
    }

    public Task<IPage> NewPageAsync() => _context.NewPageAsync();

    /// <summary>Nothing was fetched from elsewhere, and the console is silent.</summary>
    public void AssertClean()
    {
        Assert.All(_requests, url => Assert.StartsWith(_site.Address.ToString(), url, StringComparison.Ordinal));
        Assert.Empty(_complaints);
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();
}

using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Sonde.Access;
using Sonde.Charts;
using Sonde.Compatibility.Blackbox;
using Sonde.Configuration;
using Sonde.Metrics;
using Sonde.Push;
using Sonde.Self;

namespace Sonde.Web;

/// <summary>Composes the web application: what every request passes, and what answers it.</summary>
internal static class Site
{
    /// <summary>Builds the application; nobody is answered before it is started.</summary>
    /// <param name="settings">Where it listens, and how it is configured.</param>
    /// <param name="addParts">
    /// Adds what the pages show: the sample and mark stores, the catalog, the live checks and stream, the
    /// push checks, an <see cref="IHealthSource"/> for each part, one <see cref="IReloader"/>, a
    /// <see cref="TimeProvider"/>, hosted services, logging.
    /// </param>
    /// <remarks>Nothing comes from the environment, the command line or an appsettings.json: an empty builder reads
    /// none of them.</remarks>
    public static WebApplication Build(SiteSettings settings, Action<WebApplicationBuilder> addParts)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(Site).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Environments.Production,
        });
        builder.Host.UseDefaultServiceProvider(options => options.ValidateOnBuild = options.ValidateScopes = true);
        var web = settings.Configuration().Web;
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration()
            .ConfigureKestrel(options => Listening.Configure(options, settings.Listener, web.Tls));
        builder.Services.Configure<SocketTransportOptions>(
            options => options.CreateBoundListenSocket = _ => settings.Listener);
        builder.Services.AddRoutingCore();
        AddFrame(builder.Services, settings, web);
        builder.Services.AddAccess(() => settings.Configuration().Web).AddSelf().AddCharts()
            .AddMetrics(() => ToMetricsSettings(settings.Configuration().Metrics)).AddProbe(settings.Configuration);
        addParts(builder);

        var app = builder.Build();
        Use(app, web);
        Map(app);
        return app;
    }

    private static void AddFrame(IServiceCollection services, SiteSettings settings, WebConfiguration web)
    {
        services.AddRazorComponents();
        services.AddHttpContextAccessor();
        services.AddProblemDetails();
        services.AddExceptionHandler<BadRequests>();
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(options =>   // the default leaves < and > as they are
            options.SerializerOptions.Encoder = JavaScriptEncoder.Create(UnicodeRanges.All));
        services.AddOpenApi("v1", OpenApiText.Configure);
        services.AddResponseCompression(options =>
        {
            // no page holds both a secret and text of a stranger (BREACH): forms stand alone
            options.EnableForHttps = true;
            options.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, .. ScrapeFormats.CompressedTypes];
            options.Providers.Add<BrotliCompressionProvider>();
            options.Providers.Add<GzipCompressionProvider>();
        });
        services.Configure<BrotliCompressionProviderOptions>(options => options.Level = CompressionLevel.Optimal);
        services.Configure<ForwardedHeadersOptions>(options => TrustProxies(options, web));
        services.AddDataProtection().SetApplicationName("sonde");
        services.AddOptions<KeyManagementOptions>().Configure<ILogger<KeyFolder>>((options, logger) =>
            options.XmlRepository = new KeyFolder(Path.Combine(settings.DataDirectory, "keys"), logger));
    }

    private static MetricsSettings ToMetricsSettings(MetricsConfiguration metrics) =>
        new(metrics.Histograms, metrics.Smokeping);

    private static void TrustProxies(ForwardedHeadersOptions options, WebConfiguration web)
    {
        options.ForwardedHeaders =
            ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
        options.ForwardLimit = null;   // every hop must be a trusted one
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in web.TrustedProxies)
        {
            options.KnownIPNetworks.Add(network);
        }
    }

    private static void Use(WebApplication app, WebConfiguration web)
    {
        app.UseSecurityHeaders();
        if (web.TrustedProxies.Length > 0)
        {
            app.UseForwardedHeaders();
        }
        app.UseBasePath(web.BasePath);
        app.UseExceptionHandler("/error");
        app.UseAccess();
        app.UseResponseCompression();
        app.UseStatusCodePages();
        app.UseWhen(IsForPeople, people => people.UseStatusCodePagesWithReExecute("/not-found"));
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
    }

    private static void Map(WebApplication app)
    {
        app.MapBundle();
        app.MapOpenApi("/openapi/{documentName}.json").RequireAuthorization(Policies.View);
        app.MapSelf();
        app.MapCharts();
        app.MapMetrics();
        app.MapProbe();
        app.MapPush();
        app.MapRazorComponents<App>();
    }

    private static bool IsForPeople(HttpContext context) =>
        !context.Request.Path.StartsWithSegments("/api")
        && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}

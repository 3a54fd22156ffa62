using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Sonde.Configuration;

namespace Sonde.Access;

/// <summary>Who may come in: the token, the policies, the names it answers to, and whose requests it obeys.</summary>
internal static class AccessFeature
{
    /// <summary>The claim of a cookie that names the token it was given for.</summary>
    public const string FingerprintClaim = "token";

    private const string ByRequest = "ByRequest";

    /// <summary>Adds the token, its schemes and the policies; whatever names no policy asks for
    /// <see cref="Policies.View"/>.</summary>
    /// <param name="services">Where to add.</param>
    /// <param name="configuration">Gives the configuration in force.</param>
    public static IServiceCollection AddAccess(this IServiceCollection services, Func<WebConfiguration> configuration)
    {
        services.AddSingleton(new AccessToken(configuration));
        services.AddSingleton(configuration);
        services.AddSingleton<IAuthorizationHandler, TokenRequirementHandler>();
        services.AddSingleton<SignInLimit>();
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "sonde-form";
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        services.AddAuthentication(ByRequest)
            .AddPolicyScheme(ByRequest, displayName: null, options => options.ForwardDefaultSelector = SchemeOf)
            .AddScheme<AuthenticationSchemeOptions, BearerTokenHandler>(BearerTokenHandler.SchemeName, null)
            .AddCookie(ConfigureCookie);
        services.AddAuthorizationBuilder()
            .AddPolicy(Policies.View, policy => policy.AddRequirements(new TokenRequirement()))
            .AddPolicy(Policies.Operate, policy => policy.AddRequirements(new TokenRequirement()))
            .AddPolicy(Policies.Administer, policy => policy.AddRequirements(new TokenRequirement()))
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().AddRequirements(new TokenRequirement()).Build());
        return services;
    }

    /// <summary>Refuses foreign names and foreign pages; must stand before routing decides anything.</summary>
    public static IApplicationBuilder UseAccess(this IApplicationBuilder app) =>
        app.UseMiddleware<HostAllowList>().UseMiddleware<OriginCheck>();

    /// <summary>Signs the caller in on this browser, for the token in force.</summary>
    public static Task SignInAsync(HttpContext context, AccessToken token)
    {
        var claims = new[] { new Claim(FingerprintClaim, token.Fingerprint() ?? "") };
        var identity = new ClaimsIdentity(claims, CookieAuthenticationDefaults.AuthenticationScheme);
        var lasting = new AuthenticationProperties { IsPersistent = true };
        return context.SignInAsync(
            CookieAuthenticationDefaults.AuthenticationScheme, new ClaimsPrincipal(identity), lasting);
    }

    private static string SchemeOf(HttpContext context) => context.Request.Headers.Authorization.Count > 0
        ? BearerTokenHandler.SchemeName
        : CookieAuthenticationDefaults.AuthenticationScheme;

    private static void ConfigureCookie(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = "sonde";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Strict;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.ExpireTimeSpan = TimeSpan.FromDays(30);
        options.SlidingExpiration = true;
        options.LoginPath = "/sign-in";
        options.ReturnUrlParameter = "return";
        options.Events.OnRedirectToLogin = AskAsync;
        options.Events.OnRedirectToAccessDenied = context => Refusal.AskForTokenAsync(context.HttpContext);
        options.Events.OnValidatePrincipal = RejectCookieOfAnotherToken;
    }

    /// <summary>A person gets the sign-in page, a program gets 401.</summary>
    private static Task AskAsync(RedirectContext<CookieAuthenticationOptions> context)
    {
        if (HttpMethods.IsGet(context.Request.Method) && IsForPeople(context.Request))
        {
            context.Response.Redirect(context.RedirectUri);
            return Task.CompletedTask;
        }
        return Refusal.AskForTokenAsync(context.HttpContext);
    }

    private static bool IsForPeople(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    private static Task RejectCookieOfAnotherToken(CookieValidatePrincipalContext context)
    {
        var token = context.HttpContext.RequestServices.GetRequiredService<AccessToken>();
        if (context.Principal?.FindFirstValue(FingerprintClaim) != (token.Fingerprint() ?? ""))
        {
            context.RejectPrincipal();
        }
        return Task.CompletedTask;
    }
}

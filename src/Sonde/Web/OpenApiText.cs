using Microsoft.AspNetCore.OpenApi;

namespace Sonde.Web;

/// <summary>What the OpenAPI document says of itself.</summary>
internal static class OpenApiText
{
    /// <summary>Sets title, version and description; no server address, since it is reached under many.</summary>
    public static void Configure(OpenApiOptions options) => options.AddDocumentTransformer((document, _, _) =>
    {
        document.Info.Title = "Sonde";
        document.Info.Version = "v1";
        document.Info.Description = "What is measured, and what it showed. "
            + "Times are UTC; a unit stands in the name; null means nothing there.";
        document.Servers?.Clear();
        return Task.CompletedTask;
    });
}

using System.Globalization;

namespace Sonde.Charts.Queries;

/// <summary>Which columns an answer has.</summary>
/// <param name="Figures">The figures, in the order of <see cref="WindowFigures.All"/>.</param>
/// <param name="Quantiles">The quantiles in the order asked for, 0 to 1 each, none twice.</param>
internal sealed record WindowColumnsRequest(IReadOnlyList<WindowFigure> Figures, IReadOnlyList<double> Quantiles)
{
    private const int MostQuantiles = 10;
    private static readonly double[] DefaultQuantiles = [0.5, 0.95, 0.99];

    /// <summary>Reads the parameters; what is wrong with them is added to the problems.</summary>
    public static WindowColumnsRequest Read(WindowParameters parameters, ParameterProblems problems) =>
        new(ReadFigures(parameters.Figures, problems), ReadQuantiles(parameters.Quantiles, problems));

    private static WindowFigure[] ReadFigures(string? text, ParameterProblems problems)
    {
        if (text is null)
        {
            return WindowFigures.All;
        }
        var words = WordsOf(text);
        var areKnown = words.All(word => WindowFigures.All.Any(figure => figure.Word == word));
        problems.Unless(
            areKnown, "figures", $"must be of {string.Join(",", WindowFigures.All.Select(figure => figure.Word))}");
        return [.. WindowFigures.All.Where(figure => words.Contains(figure.Word))];
    }

    private static double[] ReadQuantiles(string? text, ParameterProblems problems)
    {
        if (text is null)
        {
            return DefaultQuantiles;
        }
        var quantiles = Array.ConvertAll(WordsOf(text), word =>
            double.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var q)
                ? q : double.NaN);
        problems.Unless(
            quantiles.Length <= MostQuantiles && quantiles.All(q => q is >= 0 and <= 1), "quantiles",
            $"must be up to {MostQuantiles} numbers from 0 to 1, separated by commas");
        return [.. quantiles.Distinct()];
    }

    private static string[] WordsOf(string text) =>
        text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}

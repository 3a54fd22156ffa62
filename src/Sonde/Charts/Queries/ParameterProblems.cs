using Microsoft.AspNetCore.Http.HttpResults;

namespace Sonde.Charts.Queries;

/// <summary>What is wrong with the parameters of a request, all at once.</summary>
internal sealed class ParameterProblems
{
    private readonly Dictionary<string, string[]> _problems = [];

    /// <summary>True when nothing is wrong.</summary>
    public bool AreNone => _problems.Count == 0;

    /// <summary>Adds what is wrong with a parameter, unless it is as it should be.</summary>
    /// <param name="isRight">Whether it is.</param>
    /// <param name="name">The parameter.</param>
    /// <param name="problem">What it must be, in words that go on after its name.</param>
    public void Unless(bool isRight, string name, string problem)
    {
        if (!isRight)
        {
            _problems[name] = [.. _problems.GetValueOrDefault(name, []), $"{name} {problem}"];
        }
    }

    /// <summary>A 400 that says all of it.</summary>
    public ValidationProblem ToAnswer() => TypedResults.ValidationProblem(_problems);
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Sonde.Charts.Queries;
using Xunit;

namespace Sonde.Tests.Charts.Queries;

public sealed class NumberArrayTests
{
    [Fact]
    public void Every_number_of_thousandths_is_read_as_it_was() => Prop.ForAll(
        Gen.Choose(-2_000_000, 2_000_000).Select(number => (long)number)
            .Or(ArbMap.Default.GeneratorFor<long>().Where(number => number != long.MinValue)).ArrayOf().ToArbitrary(),
        thousandths =>
        {
            var text = Write(numbers => Array.ForEach(thousandths, numbers.Add));
            var read = JsonSerializer.Deserialize<decimal[]>(text)!;

            Assert.Equal(thousandths.Select(number => number / 1_000m), read);
            Assert.Equal(string.Join(',', read.Select(number => number.ToString("0.###", CultureInfo.InvariantCulture))), text[1..^1]);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Arrays_stand_within_arrays_beside_null() => Assert.Equal("[[1,2.5],null,[],-0.05]", Write(numbers =>
    {
        numbers.BeginInner();
        numbers.Add(1_000);
        numbers.Add(2_500);
        numbers.EndInner();
        numbers.AddNull();
        numbers.BeginInner();
        numbers.EndInner();
        numbers.Add(-50);
    }));

    private static string Write(Action<NumberArray> add)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            var numbers = new NumberArray();
            numbers.Begin();
            numbers.AddNull();
            numbers.Begin();   // what was there before is gone
            add(numbers);
            json.WriteStartObject();
            numbers.WriteTo(json, "n");
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray())[5..^1];
    }
}

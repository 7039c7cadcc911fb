using System.Text;
using SmimeGateway.Host.Configuration;
using SmimeGateway.Host.Configuration.Watching;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Fuzz;

/// <summary>Whatever a configuration file holds, loading it ends in options or in errors that have a place.</summary>
public sealed class ConfigurationFuzz
{
    private const int RunsPerSeed = 1000;

    private static readonly string[] Tokens =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\\u0000", "\\ud800", "//", "/*", "null", "true", "-1", "1e999", "\"*\"", "\"<>\"", "\"bySender\"",
        "\"name\":", "\"rules\":", "\"password\":", "\"choose\":", "\"header\":", "\"endpoint\":", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    ];

    private static readonly byte[][] Corpus =
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "config"), "*.json", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(
                Path.Combine(Repository.Root, "tests", "SmimeGateway.EndToEnd", "BadConfigs"), "*.json", SearchOption.AllDirectories))
            .Where(file => !file.EndsWith(".schema.json", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(File.ReadAllBytes),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_mutated_configuration_ends_in_options_or_errors(int seed)
    {
        var random = new Random(seed);
        var running = ConfigurationLoader.Load("gateway.json", Corpus[^1]);

        for (var run = 0; run < RunsPerSeed; run++)
        {
            var bytes = Mutate(random, Corpus[random.Next(Corpus.Length)]);

            var result = ConfigurationLoader.Load("gateway.json", bytes);

            (result.Options is null).ShouldBe(result.Errors.Count > 0);
            result.Errors.Concat(result.Warnings).ShouldAllBe(error => error.Line > 0 && error.Column > 0 && error.ToString().Length < 2000);
            if (result.Document is not null && running.Document is not null)
            {
                ConfigurationDifference.Between(running.Document, result.Document).Count.ShouldBeLessThanOrEqualTo(101);
            }
        }
    }

    private static byte[] Mutate(Random random, byte[] original)
    {
        var bytes = new List<byte>(original);
        for (var left = random.Next(1, 6); left > 0 && bytes.Count > 0; left--)
        {
            var at = random.Next(bytes.Count);
            var length = random.Next(Math.Min(40, bytes.Count - at));
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, length);
                    break;
                case 2:
                    bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length));
                    break;
                case 3:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Tokens[random.Next(Tokens.Length)]));
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }

        return [.. bytes];
    }
}

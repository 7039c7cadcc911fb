using System.Buffers.Binary;
using System.Text.Json;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Mime.Tests.Judges;

/// <summary>What Python's email package reads in entities: types with parameters, file names, decoded octets, authors and recipients.</summary>
internal static class PythonReading
{
    /// <summary>Reads all of them in one process.</summary>
    public static async Task<IReadOnlyList<string[]>> OfAsync(IReadOnlyList<byte[]> entities)
    {
        using var input = new MemoryStream();
        var length = new byte[4];
        foreach (var entity in entities)
        {
            BinaryPrimitives.WriteInt32BigEndian(length, entity.Length);
            input.Write(length);
            input.Write(entity);
        }

        var script = Path.Combine(Repository.Root, "tests", "SmimeGateway.Mime.Tests", "Judges", "read_mail.py");
        var run = await Tool.RunAsync("python3", [script], input.ToArray(), deadline: TimeSpan.FromMinutes(10));
        run.ExitCode.ShouldBe(0, run.Errors);
        return [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<string[]>(line)!)];
    }
}

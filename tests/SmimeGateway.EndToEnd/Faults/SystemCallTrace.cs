using System.Globalization;
using System.Text.RegularExpressions;

namespace SmimeGateway.EndToEnd.Faults;

/// <summary>Reads what <c>strace -f -y -o FILE</c> wrote, joining calls that another thread interrupted.</summary>
internal static partial class SystemCallTrace
{
    public static IReadOnlyList<SystemCall> Read(string file)
    {
        var calls = new List<SystemCall>();
        var unfinished = new Dictionary<string, (string Name, string Arguments, int Start)>();
        var number = 0;
        foreach (var line in File.ReadLines(file))
        {
            number++;
            var thread = line[..line.IndexOf(' ', StringComparison.Ordinal)];
            if (Whole().Match(line) is { Success: true } whole)
            {
                calls.Add(new SystemCall(whole.Groups[1].Value, whole.Groups[2].Value, Number(whole.Groups[3].Value), number, number));
            }
            else if (Unfinished().Match(line) is { Success: true } begun)
            {
                unfinished[thread] = (begun.Groups[1].Value, begun.Groups[2].Value, number);
            }
            else if (Resumed().Match(line) is { Success: true } ended && unfinished.Remove(thread, out var begin))
            {
                calls.Add(new SystemCall(begin.Name, begin.Arguments + ended.Groups[1].Value, Number(ended.Groups[2].Value), begin.Start, number));
            }
        }

        return calls;
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\d+ +(\w+)\((.*)\) += (-?\d+)(?:<.*>)?(?: .*)?$")]
    private static partial Regex Whole();

    [GeneratedRegex(@"^\d+ +(\w+)\((.*) <unfinished \.\.\.>$")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"^\d+ +<\.\.\. \w+ resumed>(.*)\) += (-?\d+)(?:<.*>)?(?: .*)?$")]
    private static partial Regex Resumed();
}

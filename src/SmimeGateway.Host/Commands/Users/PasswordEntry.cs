using SmimeGateway.Certificates.Finding;

namespace SmimeGateway.Host.Commands.Users;

/// <summary>Gets a password from a person or a script; never from the command line, which every process of the machine can read.</summary>
internal static class PasswordEntry
{
    private const int MaxLength = 1024;

    /// <summary>The password, or null after a complaint.</summary>
    /// <param name="file">A file that holds it, or null to ask.</param>
    /// <param name="whose">For whom it is.</param>
    /// <param name="isNew">True asks a person twice: nothing else would show a slip.</param>
    public static string? Read(string? file, string whose, bool isNew = true)
    {
        string? password;
        if (file is not null)
        {
            if (!SecretReader.FromFile(file).TryRead(out password, out var reason))
            {
                Answer.Complain(char.ToUpperInvariant(reason[0]) + reason[1..] + ".");
                return null;
            }
        }
        else
        {
            password = Console.IsInputRedirected ? Console.In.ReadLine() : isNew ? AskTwice(whose) : Ask($"Password for {whose}: ");
        }

        if (password?.Contains('\uFFFD', StringComparison.Ordinal) == true)
        {
            Answer.Complain("The password is not UTF-8.");
            return null;
        }

        if (password is null or "" || password.Length > MaxLength || password.Any(char.IsControl))
        {
            Answer.Complain($"A password has 1 to {MaxLength} characters, none of them a control character.");
            return null;
        }

        return password;
    }

    private static string? AskTwice(string whose)
    {
        var first = Ask($"Password for {whose}: ");
        if (first == Ask("Once more: "))
        {
            return first;
        }

        Answer.Complain("The two differ.");
        return null;
    }

    // On standard error, so that the answer on standard output stays clean.
    private static string Ask(string question)
    {
        Console.Error.Write(question);
        var typed = new System.Text.StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                typed.Length = Math.Max(0, typed.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                typed.Append(key.KeyChar);
            }
        }

        Console.Error.WriteLine();
        return typed.ToString();
    }
}

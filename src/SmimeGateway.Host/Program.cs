using SmimeGateway.Host.Commands;

return await CommandLine.InvokeAsync(args);
